from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import AwsError
from sandbox.functions.aliases import Alias
from sandbox.ids import Ids


def test_a_name_resolves_to_latest_and_keeps_the_arn_unqualified(lab):
    lab.create()
    target = lab.resolve()
    assert (target.version.version, target.invoked_arn, target.qualifier) == ("$LATEST", lab.arn(), "")


def test_a_full_arn_with_a_version_resolves_to_it(lab):
    lab.create()
    assert lab.publish() == "1"
    target = lab.resolve(lab.arn(qualifier="1"))
    assert (target.version.version, target.invoked_arn) == ("1", lab.arn(qualifier="1"))


def test_an_alias_resolves_to_its_version_and_stays_in_the_arn(lab):
    lab.create(Publish=True)
    lab.call("CreateAlias", FunctionName="hello", Name="prod", FunctionVersion="1")
    target = lab.resolve("hello", "prod")
    assert (target.version.version, target.alias, target.invoked_arn) == ("1", "prod", lab.arn(qualifier="prod"))


@pytest.mark.parametrize(
    ("qualifier", "message"),
    [
        ("7", "Function not found: arn:aws:lambda:us-east-1:111122223333:function:hello:7"),
        ("prod", "Cannot find alias arn: arn:aws:lambda:us-east-1:111122223333:function:hello:prod"),
    ],
)
def test_a_missing_qualifier_is_not_found(lab, qualifier, message):
    lab.create()
    with pytest.raises(AwsError) as caught:
        lab.resolve("hello", qualifier)
    assert (caught.value.code, caught.value.message, caught.value.status) == ("ResourceNotFoundException", message, 404)


def test_a_missing_function_is_named_with_latest(lab):
    with pytest.raises(AwsError, match=r"function:ghost:\$LATEST"):
        lab.resolve("ghost")


def test_accounts_and_regions_do_not_see_each_other(lab):
    lab.create()
    assert lab.call("ListFunctions", account=lab.other)["Functions"] == []
    assert lab.call("ListFunctions", region="eu-west-1")["Functions"] == []
    with pytest.raises(AwsError, match=lab.other):
        lab.registry.resolve(lab.other, lab.region, "hello", None, 0.0)


def test_another_accounts_function_is_reached_by_its_arn(lab):
    lab.create()
    target = lab.registry.resolve(lab.other, lab.region, lab.arn(), None, 0.0)
    assert target.version.account_id == lab.account


@given(st.floats(min_value=0, max_value=1), st.integers())
def test_a_weighted_alias_splits_by_its_weight_and_the_same_for_a_seed(weight, seed):
    alias = Alias("live", "1", "", weights={"2": weight})
    draws, again = Ids(seed), Ids(seed)
    chosen = [alias.choose(draws.draw()) for _ in range(400)]
    assert chosen == [alias.choose(again.draw()) for _ in range(400)]
    assert abs(Counter(chosen)["2"] / 400 - weight) < 0.15


def test_a_draw_at_the_border_goes_to_the_main_version():
    alias = Alias("live", "1", "", weights={"2": 0.25})
    assert alias.choose(0.2499) == "2"
    assert alias.choose(0.25) == "1"


def test_a_weight_of_zero_sends_nothing():
    assert Alias("live", "1", "", weights={"2": 0.0}).choose(0.0) == "1"


def test_listeners_hear_of_creations_updates_publications_and_every_deleted_version(lab):
    lab.create(Publish=True)
    lab.call("UpdateFunctionConfiguration", FunctionName="hello", Timeout=9)
    lab.call("DeleteFunction", FunctionName="hello")
    heard = [(event, version.version) for event, version in lab.events]
    assert heard == [("create", "$LATEST"), ("publish", "1"), ("update", "$LATEST"), ("delete", "$LATEST"), ("delete", "1")]


def test_a_generation_tells_stale_environments_from_a_mere_new_revision(lab):
    lab.create()
    before = lab.resolve().version
    lab.call("TagResource", Resource=lab.arn(), Tags={"a": "b"})
    tagged = lab.resolve().version
    assert tagged.revision_id != before.revision_id
    assert tagged.generation == before.generation
    lab.call("UpdateFunctionCode", FunctionName="hello", ZipFile=b"v2")
    assert lab.resolve().version.generation > before.generation


def test_a_policy_is_found_by_the_arn_it_hangs_on(lab):
    lab.create(Publish=True)
    lab.call("AddPermission", FunctionName="hello", StatementId="s", Action="lambda:InvokeFunction", Principal="*")
    policy = lab.registry.policy_of(lab.arn())
    assert policy.document["Statement"][0]["Sid"] == "s"
    assert lab.registry.policy_of(lab.arn(qualifier="1")) is None
    assert lab.registry.policy_of("arn:aws:s3:::bucket") is None
    assert lab.registry.policy_of("nonsense") is None
    assert lab.registry.policy_of(lab.arn("ghost")) is None


def test_a_policy_is_a_new_object_after_a_change_and_the_same_one_otherwise(lab):
    lab.create()
    lab.call("AddPermission", FunctionName="hello", StatementId="s", Action="lambda:InvokeFunction", Principal="*")
    one = lab.registry.policy_of(lab.arn())
    assert lab.registry.policy_of(lab.arn()) is one
    lab.call("AddPermission", FunctionName="hello", StatementId="t", Action="lambda:InvokeFunction", Principal="*")
    assert len(one.document["Statement"]) == 1
    assert lab.registry.policy_of(lab.arn()) is not one


def test_a_url_is_found_until_its_function_goes(lab):
    lab.create()
    url = lab.call("CreateFunctionUrlConfig", FunctionName="hello", AuthType="NONE")["FunctionUrl"]
    url_id = url.removeprefix("https://").partition(".")[0]
    assert lab.registry.url(url_id).function == "hello"
    lab.call("DeleteFunction", FunctionName="hello")
    assert lab.registry.url(url_id) is None


def test_the_event_invoke_settings_are_those_of_the_qualifier_as_called(lab):
    lab.create(Publish=True)
    lab.call("CreateAlias", FunctionName="hello", Name="prod", FunctionVersion="1")
    lab.call("PutFunctionEventInvokeConfig", FunctionName="hello", Qualifier="prod", MaximumRetryAttempts=0)
    assert lab.registry.event_invoke(lab.resolve("hello", "prod")).attempts_max == 1
    assert lab.registry.event_invoke(lab.resolve("hello", "1")) is None


def test_reset_forgets_everything_and_retires_every_version(lab):
    lab.create(Publish=True)
    lab.registry.reset()
    assert [event for event, _ in lab.events] == ["create", "publish", "delete", "delete"]
    assert lab.call("ListFunctions")["Functions"] == []
    assert lab.create()["FunctionName"] == "hello"
