"""The policy simulator against AWS's own examples."""

from __future__ import annotations

import pytest

from sandbox.iam.simulate import simulate

POLICY = (
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*",'
    '"Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}'
)


def entry(value: str) -> dict[str, object]:
    return {"ContextKeyName": "aws:CurrentTime", "ContextKeyValues": [value], "ContextKeyType": "date"}


def test_the_first_example_of_the_cli_reference() -> None:
    """Source: AWS CLI command reference, ``iam simulate-custom-policy``, example 1 (with the type newer answers add)."""
    params = {
        "PolicyInputList": [POLICY],
        "ActionNames": ["dynamodb:CreateBackup"],
        "ContextEntries": [entry("2019-04-25T11:00:00Z")],
    }
    (result,) = simulate(params, "123456789012")["EvaluationResults"]
    assert result == {
        "EvalActionName": "dynamodb:CreateBackup",
        "EvalResourceName": "*",
        "EvalDecision": "allowed",
        "MatchedStatements": [
            {
                "SourcePolicyId": "PolicyInputList.1",
                "SourcePolicyType": "IAM Policy",
                "StartPosition": {"Line": 1, "Column": 38},
                "EndPosition": {"Line": 1, "Column": 167},
            }
        ],
        "MissingContextValues": [],
    }


def test_the_second_example_of_the_cli_reference() -> None:
    """Source: AWS CLI command reference, ``iam simulate-custom-policy``, example 2: a date before the policy's."""
    params = {
        "PolicyInputList": [POLICY],
        "ActionNames": ["dynamodb:CreateBackup"],
        "ContextEntries": [entry("2014-04-25T11:00:00Z")],
    }
    (result,) = simulate(params, "123456789012")["EvaluationResults"]
    assert (result["EvalDecision"], result["MatchedStatements"], result["MissingContextValues"]) == ("implicitDeny", [], [])


@pytest.mark.parametrize(
    ("others", "above"), [(["arn:aws:s3:::b/denied"], "explicitDeny"), (["arn:aws:s3:::c/silent"], "allowed")]
)
def test_several_resources_make_one_result_with_specific_ones(others: list[str], above: str) -> None:
    """Source: recorded answers: one EvaluationResult an action, explicitDeny if any resource is, else allowed if any is."""
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/*"},'
        '{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::b/denied"}]}'
    )
    params = {"PolicyInputList": [policy], "ActionNames": ["s3:GetObject"], "ResourceArns": ["arn:aws:s3:::b/fine", *others]}
    (result,) = simulate(params, "123456789012")["EvaluationResults"]
    assert result["EvalDecision"] == above
    assert [row["EvalResourceName"] for row in result["ResourceSpecificResults"]] == params["ResourceArns"]
