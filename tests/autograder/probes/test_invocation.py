"""Who is let in by a resource's own policy, and who may assume a role: asked as strangers would."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.probes.invocation import Guarded, callers_beside, intruders, strangers_trusted, trusts_lambda
from sandbox.iam.principal import NamedPolicy

ACCOUNT = "123456789012"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:worker"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
BOUND = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::uploads"}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}


def guarded(principal: Any, condition: dict[str, Any] | None = None) -> Guarded:
    row = {"Effect": "Allow", "Principal": principal, "Action": "lambda:InvokeFunction", "Resource": FUNCTION}
    return Guarded("lambda", FUNCTION, policy({**row, **({"Condition": condition} if condition else {})}))


def policy(*rows: dict[str, Any]) -> NamedPolicy:
    return NamedPolicy("p", {"Version": "2012-10-17", "Statement": list(rows)})


def trust(principal: Any) -> NamedPolicy:
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


@pytest.mark.parametrize(
    ("principal", "condition", "who"),
    [
        ({"Service": "s3.amazonaws.com"}, BOUND, ""),
        ({"Service": "s3.amazonaws.com"}, {"ArnLike": BOUND["ArnLike"]}, "same name in another account"),
        ({"Service": "s3.amazonaws.com"}, {"StringEquals": BOUND["StringEquals"]}, "any bucket of this account"),
        ({"Service": "events.amazonaws.com"}, None, "events.amazonaws.com acting for another account"),
        ({"Service": "events.amazonaws.com"}, {"StringEquals": BOUND["StringEquals"]}, ""),
        ("*", None, "anybody without signing"),
        ({"AWS": "arn:aws:iam::999988887777:root"}, None, "a principal of another account"),
    ],
    ids=str,
)
def test_strangers_are_let_in_by_what_a_permission_leaves_open(principal: Any, condition: Any, who: str) -> None:
    found = intruders(guarded(principal, condition), "uploads", ACCOUNT)
    assert (found == []) if not who else any(who in one for one in found)


@pytest.mark.parametrize(
    ("source", "who"),
    [
        ("arn:aws:execute-api:us-east-1:123456789012:a1b2c3/*/GET/orders/*", ""),
        ("arn:aws:execute-api:us-east-1:123456789012:a1b2c3/*", ""),
        ("arn:aws:execute-api:us-east-1:123456789012:*", "any API of this account"),
        ("arn:aws:execute-api:*:*:a1b2c3/*", "an API of another account"),
    ],
)
def test_an_api_is_let_in_by_its_id_and_account(source: str, who: str) -> None:
    held = guarded({"Service": "apigateway.amazonaws.com"}, {"ArnLike": {"aws:SourceArn": source}})
    assert callers_beside(held, "a1b2c3", ACCOUNT, "us-east-1") == ([who] if who else [])


@pytest.mark.parametrize(
    ("principal", "who"),
    [
        ({"Service": "lambda.amazonaws.com"}, []),
        ({"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}, ["ec2.amazonaws.com"]),
        ({"Service": "lambda.amazonaws.com", "AWS": f"arn:aws:iam::{ACCOUNT}:root"}, ["this account's own users and roles"]),
        ({"Service": "lambda.amazonaws.com", "AWS": "999988887777"}, ["another account"]),
    ],
    ids=str,
)
def test_everybody_who_may_assume_a_role_beside_lambda_is_named(principal: Any, who: list[str]) -> None:
    assert strangers_trusted(trust(principal), ROLE) == who
    assert trusts_lambda(trust(principal), ROLE)
