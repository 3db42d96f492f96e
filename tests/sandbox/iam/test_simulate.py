from __future__ import annotations

import json

import pytest

from sandbox.errors import AwsError
from sandbox.iam.principal import PolicySet
from sandbox.iam.simulate import context_keys, simulate

READ = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::data/*"}]}
)
HOME = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "s3:ListBucket",
                "Resource": "arn:aws:s3:::data",
                "Condition": {"StringLike": {"s3:prefix": "${aws:username}/*"}},
            }
        ],
    }
)


def run(*policies: str, actions=("s3:GetObject",), **more):
    return simulate({"PolicyInputList": list(policies), "ActionNames": list(actions), **more}, "123456789012")[
        "EvaluationResults"
    ]


def test_one_resource_is_told_at_the_top_and_specifically() -> None:
    (result,) = run(READ, ResourceArns=["arn:aws:s3:::data/k"])
    assert result["EvalDecision"] == "allowed"
    assert result["MatchedStatements"][0]["SourcePolicyId"] == "PolicyInputList.1"
    assert result["ResourceSpecificResults"][0]["EvalResourceDecision"] == "allowed"


def test_several_resources_are_told_one_by_one() -> None:
    (result,) = run(READ, ResourceArns=["arn:aws:s3:::data/k", "arn:aws:s3:::other/k"])
    assert result["EvalDecision"] == "allowed"
    assert [row["EvalResourceDecision"] for row in result["ResourceSpecificResults"]] == ["allowed", "implicitDeny"]


def test_missing_keys_are_named_and_given_ones_are_not() -> None:
    (result,) = run(HOME, actions=["s3:ListBucket"], ResourceArns=["arn:aws:s3:::data"])
    assert result["MissingContextValues"] == ["aws:username", "s3:prefix"]
    entry = {"ContextKeyName": "s3:prefix", "ContextKeyValues": ["bob/x"], "ContextKeyType": "string"}
    caller = "arn:aws:iam::123456789012:user/bob"
    more = {"ResourceArns": ["arn:aws:s3:::data"], "ContextEntries": [entry], "CallerArn": caller}
    (result,) = run(HOME, actions=["s3:ListBucket"], **more)
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("allowed", [])


def test_a_boundary_and_an_organization_are_reported() -> None:
    narrow = READ.replace("s3:Get*", "sqs:*")
    (result,) = run(READ, ResourceArns=["arn:aws:s3:::data/k"], PermissionsBoundaryPolicyInputList=[narrow])
    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    levels = [{"ServiceControlPolicyInputList": [READ]}]
    (result,) = run(READ, ResourceArns=["arn:aws:s3:::data/k"], OrderedOrganizationPolicyInputList=levels)
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": True}


def test_a_resource_policy_takes_part_for_its_caller() -> None:
    own = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
    caller = "arn:aws:iam::123456789012:user/bob"
    (result,) = run(READ, ResourceArns=["arn:aws:s3:::data/k"], ResourcePolicy=json.dumps(own), CallerArn=caller)
    assert result["EvalDecision"] == "explicitDeny"
    assert result["MatchedStatements"][0]["SourcePolicyType"] == "Resource Policy"


def test_positions_count_lines_and_columns() -> None:
    text = '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {"Effect": "Allow", "Action": "*", "Resource": "*"}\n  ]\n}'
    (result,) = run(text)
    assert result["MatchedStatements"][0]["StartPosition"] == {"Line": 4, "Column": 5}
    assert result["MatchedStatements"][0]["EndPosition"] == {"Line": 4, "Column": 55}


def test_a_principal_brings_its_own_policies(iam) -> None:
    class Account:
        def entity(self, arn: str):
            policies = PolicySet(identity=(iam.named("arn:aws:iam::aws:policy/Reader", iam.statement(action="s3:GetObject")),))
            return (iam.session(), policies) if arn.endswith("role/app") else None

    params = {"PolicySourceArn": "arn:aws:iam::123456789012:role/app", "ActionNames": ["s3:GetObject", "s3:PutObject"]}
    results = simulate(params, "123456789012", Account())["EvaluationResults"]
    assert [row["EvalDecision"] for row in results] == ["allowed", "implicitDeny"]
    assert results[0]["MatchedStatements"] == [{"SourcePolicyId": "Reader", "SourcePolicyType": "IAM Policy"}]
    with pytest.raises(AwsError, match="NoSuchEntity"):
        simulate({**params, "PolicySourceArn": "arn:aws:iam::123456789012:role/none"}, "123456789012", Account())


@pytest.mark.parametrize(
    "more",
    [
        {"PolicyInputList": ["{"]},
        {"PolicyInputList": ["[]"]},
        {"ActionNames": ["GetObject"]},
        {"CallerArn": "arn:aws:iam::123456789012:role/app"},
    ],
)
def test_nonsense_is_invalid_input(more) -> None:
    with pytest.raises(AwsError) as caught:
        simulate({"PolicyInputList": [READ], "ActionNames": ["s3:GetObject"], **more}, "123456789012")
    assert caught.value.code == "InvalidInput"


def test_results_come_in_pages() -> None:
    params = {"PolicyInputList": [READ], "ActionNames": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"], "MaxItems": 2}
    first = simulate(params, "123456789012")
    assert (len(first["EvaluationResults"]), first["IsTruncated"], first["Marker"]) == (2, True, "2")
    rest = simulate({**params, "Marker": first["Marker"]}, "123456789012")
    assert (len(rest["EvaluationResults"]), rest["IsTruncated"]) == (1, False)


def test_context_keys_lists_what_policies_ask_about() -> None:
    assert context_keys({"PolicyInputList": [READ, HOME]}) == {"ContextKeyNames": ["aws:username", "s3:prefix"]}
