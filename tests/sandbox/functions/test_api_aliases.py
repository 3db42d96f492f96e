from __future__ import annotations

import pytest


@pytest.fixture
def two(lab):
    """A function with versions 1 and 2."""
    lab.create(Publish=True)
    lab.publish(content=b"v2")
    return lab


def weights(**given):
    return {"AdditionalVersionWeights": {key.lstrip("v"): value for key, value in given.items()}}


def test_an_alias_is_shown_as_aws_shows_it(two):
    shown = two.call("CreateAlias", FunctionName="hello", Name="prod", FunctionVersion="1")
    revision = shown.pop("RevisionId")
    assert shown == {"AliasArn": two.arn(qualifier="prod"), "Name": "prod", "FunctionVersion": "1", "Description": ""}
    assert two.call("GetAlias", FunctionName="hello", Name="prod")["RevisionId"] == revision


def test_a_share_goes_to_a_second_version(two):
    shown = two.call("CreateAlias", FunctionName="hello", Name="live", FunctionVersion="1", RoutingConfig=weights(v2=0.25))
    assert shown["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.25}}
    assert two.resolve("hello", "live", draw=0.2).version.version == "2"
    assert two.resolve("hello", "live", draw=0.3).version.version == "1"


def test_an_empty_routing_ends_the_split_and_none_keeps_it(two):
    two.call("CreateAlias", FunctionName="hello", Name="live", FunctionVersion="1", RoutingConfig=weights(v2=0.25))
    assert "RoutingConfig" in two.call("UpdateAlias", FunctionName="hello", Name="live", Description="x")
    assert "RoutingConfig" not in two.call("UpdateAlias", FunctionName="hello", Name="live", RoutingConfig=weights())


def test_an_update_moves_the_alias_and_makes_a_new_revision(two):
    created = two.call("CreateAlias", FunctionName="hello", Name="prod", FunctionVersion="1", Description="d")
    moved = two.call("UpdateAlias", FunctionName="hello", Name="prod", FunctionVersion="2", RevisionId=created["RevisionId"])
    assert (moved["FunctionVersion"], moved["Description"]) == ("2", "d")
    error = two.refused("UpdateAlias", FunctionName="hello", Name="prod", RevisionId=created["RevisionId"])
    assert error.code == "PreconditionFailedException"


def test_moving_onto_the_split_version_is_refused(two):
    two.call("CreateAlias", FunctionName="hello", Name="live", FunctionVersion="1", RoutingConfig=weights(v2=0.25))
    assert "already included" in two.refused("UpdateAlias", FunctionName="hello", Name="live", FunctionVersion="2").message


def test_both_versions_need_the_same_role(two):
    two.call("UpdateFunctionConfiguration", FunctionName="hello", Role=f"arn:aws:iam::{two.account}:role/other")
    assert two.publish() == "3"
    error = two.refused("CreateAlias", FunctionName="hello", Name="x", FunctionVersion="1", RoutingConfig=weights(v3=0.1))
    assert "same execution role" in error.message


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_the_borders_of_a_weight_are_allowed(two, weight):
    shown = two.call("CreateAlias", FunctionName="hello", Name="x", FunctionVersion="1", RoutingConfig=weights(v2=weight))
    assert shown["RoutingConfig"]["AdditionalVersionWeights"] == {"2": weight}


@pytest.mark.parametrize("name", ["12", "has space", ""])
def test_an_alias_name_is_no_number(two, name):
    assert two.refused("CreateAlias", FunctionName="hello", Name=name, FunctionVersion="1").code == "ValidationException"


def test_deleting_an_alias_takes_its_url_and_policy_along_and_is_idempotent(two):
    two.call("CreateAlias", FunctionName="hello", Name="prod", FunctionVersion="1")
    two.call("CreateFunctionUrlConfig", FunctionName="hello", Qualifier="prod", AuthType="NONE")
    for _ in range(2):
        assert two.call("DeleteAlias", FunctionName="hello", Name="prod") == {}
    assert two.call("ListFunctionUrlConfigs", FunctionName="hello")["FunctionUrlConfigs"] == []
    two.call("CreateAlias", FunctionName="hello", Name="prod", FunctionVersion="1")
    assert two.refused("GetPolicy", FunctionName="hello", Qualifier="prod").code == "ResourceNotFoundException"


def test_aliases_are_listed_by_the_version_they_use(two):
    for name, version in (("a", "1"), ("b", "2"), ("c", "1")):
        two.call("CreateAlias", FunctionName="hello", Name=name, FunctionVersion=version)
    shown = two.call("ListAliases", FunctionName="hello", FunctionVersion="1")["Aliases"]
    assert [each["Name"] for each in shown] == ["a", "c"]
