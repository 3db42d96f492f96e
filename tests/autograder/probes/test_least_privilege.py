"""What a role may do beyond its task: the same whatever the spelling, and never less for one Allow more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.probes.invocation import Guarded
from autograder.probes.least_privilege import Canary, Excess, Grant, excess
from autograder.probes.roles import Role
from sandbox.iam.principal import NamedPolicy, PolicySet

ACCOUNT = "123456789012"
READ, WRITE = "arn:aws:s3:::uploads/incoming/*", "arn:aws:s3:::results/thumbnails/*"
GRANTS = [
    Grant(("s3:GetObject",), (READ,)),
    Grant(("s3:PutObject",), (WRITE,)),
    Grant(("xray:PutTraceSegments",), ("*",)),
]
CANARIES = [
    Canary("objects", "other-prefixes", "arn:aws:s3:::uploads/payroll/may.csv", "other keys of the uploads"),
    Canary("objects", "strange-buckets", "arn:aws:s3:::payroll/may.csv", "another bucket"),
    Canary("objects", "other-actions", "arn:aws:s3:::uploads/incoming/a.jpg", "the uploads"),
    Canary("objects", "other-actions", "arn:aws:s3:::results/thumbnails/a.webp", "the thumbnails"),
    Canary("buckets", "other-actions", "arn:aws:s3:::uploads", "the upload bucket"),
]
MINIMAL: list[dict[str, Any]] = [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": READ},
    {"Effect": "Allow", "Action": "s3:PutObject", "Resource": WRITE},
    {"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": "*"},
]


def role(*policies: list[dict[str, Any]], boundary: list[dict[str, Any]] | None = None) -> Role:
    named = tuple(NamedPolicy(f"p{n}", document(rows)) for n, rows in enumerate(policies))
    bound = NamedPolicy("boundary", document(boundary)) if boundary else None
    arn = f"arn:aws:iam::{ACCOUNT}:role/worker"
    return Role(arn, "worker", NamedPolicy("trust", document([])), PolicySet(named, bound), ("worker",))


def document(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": rows}


def found(*policies: list[dict[str, Any]], boundary: list[dict[str, Any]] | None = None) -> list[Excess]:
    return excess(role(*policies, boundary=boundary), CANARIES, GRANTS)


def facets(*policies: list[dict[str, Any]]) -> set[str]:
    return {one.facet for one in found(*policies)}


def allow(action: Any, resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def test_the_smallest_policy_has_nothing_in_excess() -> None:
    assert found(MINIMAL) == []


@pytest.mark.parametrize(
    ("statement", "facet"),
    [
        (allow("s3:GetObject", "arn:aws:s3:::uploads/*"), "other-prefixes"),
        (allow("s3:GetObject", "arn:aws:s3:::*"), "strange-buckets"),
        (allow("s3:Ge?Object*", READ), "other-actions"),
        (allow("S3:*", "arn:aws:s3:::uploads"), "other-actions"),
        (allow("iam:PassRole", "arn:aws:iam::*:role/*"), "escalation"),
        (allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-??????"), "escalation"),
        (allow("ec2:Describe*", "*"), "elsewhere"),
        (allow("quantum:Entangle", "*"), "elsewhere"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "strange-buckets"),
        ({"Effect": "Allow", "Action": "sts:AssumeRole", "NotResource": "arn:aws:iam::1:role/a"}, "escalation"),
    ],
    ids=str,
)
def test_each_kind_of_too_much_is_found_and_its_statement_named(statement: dict[str, Any], facet: str) -> None:
    told = [one.told for one in found(MINIMAL, [{**statement, "Sid": "TooMuch"}]) if one.facet == facet]
    assert told
    assert all("Statement TooMuch of the policy p1 allows" in one for one in told)


def test_whoever_may_do_everything_may_meddle_with_the_deployments_of_others() -> None:
    theirs = "arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:payroll/live"
    canaries = [Canary("elsewhere", "other-deployments", theirs, "another application's deployments")]
    assert "other-deployments" in {one.facet for one in excess(role([allow("*", "*")]), canaries, GRANTS)}


def test_a_boundary_takes_away_what_a_policy_gives() -> None:
    assert found([*MINIMAL, allow("*", "*")], boundary=MINIMAL) == []


def test_an_explicit_deny_counts() -> None:
    rows = [*MINIMAL, allow("s3:GetObject", "arn:aws:s3:::uploads/*")]
    assert facets(rows) == {"other-prefixes"}
    deny = {"Effect": "Deny", "Action": "s3:*", "NotResource": [READ, WRITE]}
    assert found([*rows, deny]) == []


STATEMENTS = st.builds(
    allow,
    st.sampled_from(["s3:GetObject", "s3:*", "s3:Put*", "sqs:SendMessage", "iam:PassRole", "ec2:RunInstances", "*"]),
    st.sampled_from([READ, WRITE, "arn:aws:s3:::uploads/*", "arn:aws:s3:::*", "*"]),
)


@settings(deadline=None, max_examples=30)  # the machine may be busy
@given(st.lists(STATEMENTS, max_size=4), STATEMENTS)
def test_one_allow_more_never_leaves_less_in_excess(rows: list[dict[str, Any]], more: dict[str, Any]) -> None:
    before = {(one.facet, one.action, one.words) for one in found([*MINIMAL, *rows])}
    after = {(one.facet, one.action, one.words) for one in found([*MINIMAL, *rows, more])}
    assert before <= after


@settings(deadline=None, max_examples=30)
@given(st.lists(STATEMENTS, max_size=4), st.randoms(use_true_random=False))
def test_order_splitting_and_merging_change_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    rows = [*MINIMAL, *rows]
    shuffled = random.sample(rows, len(rows))
    spelled = [allow([row["Action"].upper()], [row["Resource"], row["Resource"]]) for row in shuffled]
    expected = facets(rows)
    assert facets(shuffled) == expected
    assert facets(*[[row] for row in shuffled]) == expected
    assert facets(spelled) == expected


def test_what_a_bucket_gives_a_role_by_its_own_policy_is_in_excess_as_well() -> None:
    given = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/worker"}, "Action": "s3:*", "Resource": "*"}
    bucket = Guarded("s3", "arn:aws:s3:::uploads", NamedPolicy("the bucket", document([given])))
    told = excess(role(MINIMAL), CANARIES, GRANTS, [bucket])
    assert {one.words for one in told} == {"other keys of the uploads", "the uploads", "the upload bucket"}
    assert all("the policy the bucket allows" in one.told for one in told)


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
        {"StringLike": {"aws:UserAgent": "*"}},
        {"StringLike": {"aws:userid": "*:worker"}},
        {"ArnLike": {"lambda:SourceFunctionArn": f"arn:aws:lambda:*:{ACCOUNT}:function:worker"}},
        {"Bool": {"aws:ViaAWSService": "false"}},
    ],
    ids=lambda condition: next(iter(next(iter(condition.values())))),
)
def test_a_condition_that_every_call_fulfils_hides_nothing(condition: dict[str, Any]) -> None:
    assert facets(MINIMAL, [{**allow("s3:*", "*"), "Condition": condition}]) >= {"strange-buckets", "other-prefixes"}


def test_what_only_another_function_may_do_as_this_role_is_not_counted() -> None:
    bound = {"ArnLike": {"lambda:SourceFunctionArn": f"arn:aws:lambda:*:{ACCOUNT}:function:other"}}
    assert found(MINIMAL, [{**allow("s3:*", "*"), "Condition": bound}]) == []


def test_a_condition_on_the_tag_the_role_has_itself_hides_nothing() -> None:
    tagged = {**allow("s3:*", "*"), "Condition": {"StringEquals": {"aws:PrincipalTag/team": "shop"}}}
    mine = replace(role(MINIMAL, [tagged]), tags=(("team", "shop"),))
    assert {one.facet for one in excess(mine, CANARIES, GRANTS)} >= {"strange-buckets", "other-prefixes"}
