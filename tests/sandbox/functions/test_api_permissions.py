from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import AwsError
from sandbox.functions import permissions

INVOKE = {"FunctionName": "hello", "Action": "lambda:InvokeFunction"}


def document(lab, **params):
    return json.loads(lab.call("GetPolicy", FunctionName="hello", **params)["Policy"])


def test_a_permission_becomes_a_statement(lab):
    lab.create()
    added = lab.call("AddPermission", StatementId="s3", Principal="s3.amazonaws.com", SourceArn="arn:aws:s3:::b", **INVOKE)
    assert document(lab) == {"Version": "2012-10-17", "Id": "default", "Statement": [json.loads(added["Statement"])]}


@pytest.mark.parametrize(
    ("principal", "shown"),
    [
        ("*", "*"),
        ("444455556666", {"AWS": "arn:aws:iam::444455556666:root"}),
        ("arn:aws:iam::444455556666:user/ada", {"AWS": "arn:aws:iam::444455556666:user/ada"}),
        ("events.amazonaws.com", {"Service": "events.amazonaws.com"}),
    ],
)
def test_principals_are_written_as_iam_writes_them(lab, principal, shown):
    lab.create()
    added = lab.call("AddPermission", StatementId="s", Principal=principal, **INVOKE)
    assert json.loads(added["Statement"])["Principal"] == shown


def test_a_principal_that_is_none_is_refused(lab):
    lab.create()
    error = lab.refused("AddPermission", StatementId="s", Principal="somebody", **INVOKE)
    assert error.message == "The provided principal was invalid. Please check the principal and try again."


def test_every_condition_goes_to_its_operator(lab):
    lab.create()
    added = lab.call(
        "AddPermission",
        StatementId="s",
        Principal="*",
        SourceArn="arn:aws:s3:::b",
        SourceAccount="444455556666",
        EventSourceToken="token",
        PrincipalOrgID="o-abcdefghij",
        InvokedViaFunctionUrl=True,
        **INVOKE,
    )
    assert json.loads(added["Statement"])["Condition"] == {
        "StringEquals": {
            "aws:PrincipalOrgID": "o-abcdefghij",
            "AWS:SourceAccount": "444455556666",
            "lambda:EventSourceToken": "token",
        },
        "Bool": {"lambda:InvokedViaFunctionUrl": "true"},
        "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::b"},
    }


def test_the_two_permissions_of_a_public_url(lab):
    lab.create()
    url = {"FunctionName": "hello", "Principal": "*"}
    lab.call("AddPermission", StatementId="a", Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE", **url)
    lab.call("AddPermission", StatementId="b", Action="lambda:InvokeFunction", InvokedViaFunctionUrl=True, **url)
    assert [each["Condition"] for each in document(lab)["Statement"]] == [
        {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
        {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
    ]


def test_url_conditions_belong_to_their_own_action(lab):
    lab.create()
    given_ = {"FunctionName": "hello", "Principal": "*", "StatementId": "s"}
    error = lab.refused("AddPermission", Action="lambda:InvokeFunction", FunctionUrlAuthType="NONE", **given_)
    assert error.message == "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action"
    error = lab.refused("AddPermission", Action="lambda:InvokeFunctionUrl", InvokedViaFunctionUrl=True, **given_)
    assert "InvokedViaFunctionUrl" in error.message


def test_a_statement_id_is_used_once_per_qualifier(lab):
    lab.create(Publish=True)
    lab.call("AddPermission", StatementId="s", Principal="*", **INVOKE)
    lab.call("AddPermission", StatementId="s", Principal="*", Qualifier="1", **INVOKE)
    error = lab.refused("AddPermission", StatementId="s", Principal="*", **INVOKE)
    assert error.message.startswith("The statement id (s) provided already exists.")
    assert document(lab, Qualifier="1")["Statement"][0]["Resource"] == lab.arn(qualifier="1")


def test_latest_takes_no_policy_of_its_own(lab):
    lab.create()
    error = lab.refused("AddPermission", StatementId="s", Principal="*", Qualifier="$LATEST", **INVOKE)
    assert error.message == "We currently do not support adding policies for $LATEST."


def test_missing_qualifiers_are_not_found(lab):
    lab.create()
    alias = lab.refused("AddPermission", StatementId="s", Principal="*", Qualifier="ghost", **INVOKE)
    version = lab.refused("AddPermission", StatementId="s", Principal="*", Qualifier="9", **INVOKE)
    assert alias.message == f"Cannot find alias arn: {lab.arn(qualifier='ghost')}"
    assert version.message == f"Function not found: {lab.arn(qualifier='9')}"


def test_the_revision_guards_both_directions_and_changes_with_each(lab):
    stale = lab.create()["RevisionId"]
    assert lab.refused("AddPermission", StatementId="s", Principal="*", RevisionId=stale, **INVOKE).status == 412
    current = lab.call("GetFunctionConfiguration", FunctionName="hello")["RevisionId"]
    lab.call("AddPermission", StatementId="s", Principal="*", RevisionId=current, **INVOKE)
    shown = lab.call("GetPolicy", FunctionName="hello")["RevisionId"]
    assert shown != current
    assert lab.refused("RemovePermission", FunctionName="hello", StatementId="s", RevisionId=current).status == 412
    assert lab.call("RemovePermission", FunctionName="hello", StatementId="s", RevisionId=shown) == {}


def test_the_policy_ends_with_its_last_statement(lab):
    lab.create()
    lab.call("AddPermission", StatementId="s", Principal="*", **INVOKE)
    error = lab.refused("RemovePermission", FunctionName="hello", StatementId="t")
    assert error.message == "Statement t is not found in resource policy."
    lab.call("RemovePermission", FunctionName="hello", StatementId="s")
    assert lab.refused("GetPolicy", FunctionName="hello").message == "The resource you requested does not exist."
    error = lab.refused("RemovePermission", FunctionName="hello", StatementId="s")
    assert error.message == "No policy is associated with the given resource."


def test_a_policy_ends_at_20480_bytes(lab):
    lab.create()
    number = 0
    error = None
    while error is None:
        try:
            lab.call("AddPermission", StatementId=f"s{number}", Principal="*", **INVOKE)
        except AwsError as refused:
            error = refused
        number += 1
    assert error.code == "PolicyLengthExceededException"
    assert error.message.endswith("is bigger than the limit (20480).")
    kept = lab.call("GetPolicy", FunctionName="hello")["Policy"]
    assert 20_480 - 300 < len(kept) <= 20_480


def test_a_whole_document_replaces_what_was_there(lab):
    lab.create()
    lab.call("AddPermission", StatementId="old", Principal="*", **INVOKE)
    text = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "n", "Effect": "Deny", "Principal": "*", "Action": "*"}]})
    put = lab.call("PutResourcePolicy", ResourceArn=lab.arn(), Policy=text)
    assert json.loads(put["Policy"]) == json.loads(text)
    assert lab.call("GetResourcePolicy", ResourceArn=lab.arn()) == put
    assert [each["Sid"] for each in document(lab)["Statement"]] == ["n"]
    stale = lab.refused("DeleteResourcePolicy", ResourceArn=lab.arn(), RevisionId="0" * 8 + "-0000-0000-0000-" + "0" * 12)
    assert stale.status == 412
    assert lab.call("DeleteResourcePolicy", ResourceArn=lab.arn(), RevisionId=put["RevisionId"]) == {}
    assert lab.refused("GetResourcePolicy", ResourceArn=lab.arn()).code == "ResourceNotFoundException"


@pytest.mark.parametrize("text", ["not json", "[]", "{}", '{"Statement": []}', '{"Statement": ["x"]}', '{"Statement": [{}]}'])
def test_a_document_that_is_no_policy_is_refused(lab, text):
    lab.create()
    error = lab.refused("PutResourcePolicy", ResourceArn=lab.arn(), Policy=text)
    assert error.code == "InvalidParameterValueException"


@given(st.lists(st.text("abcdef", min_size=1, max_size=4), unique=True, min_size=1, max_size=20))
def test_removing_all_statements_in_any_order_leaves_none(sids):
    policy = None
    for sid in sids:
        policy = permissions.added(policy, {"Sid": sid, "Effect": "Allow"}, "p")
    for sid in sorted(sids):
        policy = permissions.removed(policy, sid)
    assert policy is None
