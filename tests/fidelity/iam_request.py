"""A role's request, from operation and parameters through the operation map to a decision."""

from __future__ import annotations

from typing import Any

from sandbox.iam.evaluate import evaluate
from sandbox.iam.operations import CallSite, checks_for
from sandbox.iam.principal import NamedPolicy, PolicySet, Principal

A = "123456789012"
ROLE = Principal(
    "role",
    A,
    f"arn:aws:sts::{A}:assumed-role/app/s",
    user_id="AROAAPP:s",
    role_arn=f"arn:aws:iam::{A}:role/app",
    tags={"team": "red"},
)
QUEUE = f"arn:aws:sqs:us-east-1:{A}:q"
URL = {"QueueUrl": f"https://sqs.us-east-1.amazonaws.com/{A}/q"}
TABLE = f"arn:aws:dynamodb:us-east-1:{A}:table/t"
TOPIC = f"arn:aws:sns:us-east-1:{A}:t"
OBJECT = {"Bucket": "b", "Key": "in/k"}
FROM = {"Bucket": "out", "Key": "k", "CopySource": "b/in/k"}


def row(action: Any, resource: Any = "*", effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def allowed(service: str, operation: str, params: dict[str, Any], rows: list[dict[str, Any]], **kinds: Any) -> bool:
    where = CallSite(A, "us-east-1", ROLE, source_ip="198.51.100.7", find=kinds.pop("find", lambda _kind, _name: ""))
    own = kinds.pop("own", None)
    policies = PolicySet(identity=(NamedPolicy("p", {"Version": "2012-10-17", "Statement": rows}),), **kinds)
    own_policy = NamedPolicy("own", {"Version": "2012-10-17", "Statement": own}) if own else None
    checks = checks_for(service, operation, params, where)
    return all(evaluate(ROLE, check, policies, own_policy).allowed for check in checks)


def policy(*rows: dict[str, Any]) -> NamedPolicy:
    return NamedPolicy("x", {"Version": "2012-10-17", "Statement": list(rows)})


Row = tuple[str, str, str, dict[str, Any], list[dict[str, Any]], bool]
