from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.iam.evaluate import evaluate
from sandbox.iam.principal import NamedPolicy, PolicySet, Principal
from sandbox.iam.verdict import Check

ACCOUNT = "123456789012"
USER = Principal("user", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/bob", user_name="bob", tags={"team": "red"})
ROLE = Principal("role", ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s", role_arn=f"arn:aws:iam::{ACCOUNT}:role/r")
STRANGER = Principal("user", "999999999999", "arn:aws:iam::999999999999:user/eve", user_name="eve")

actions = st.sampled_from(["s3:GetObject", "s3:Get*", "s3:*", "*", "S3:get?bject", "sqs:*", "s3:PutObject"])
arns = st.sampled_from(
    [
        "*",
        "arn:aws:s3:::a/*",
        "arn:aws:s3:::a/k",
        "arn:aws:s3:::*",
        "arn:aws:s3:::${aws:username}/*",
        "arn:aws:s3:::${aws:PrincipalTag/x}/*",
    ]
)
conditions = st.sampled_from(
    [
        None,
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}},
        {"StringLikeIfExists": {"s3:prefix": "home/*"}},
        {"Null": {"aws:username": "true"}},
        {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}},
        {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        {"StringEquals": {"aws:PrincipalTag/team": "${aws:PrincipalTag/team}"}},
    ]
)
principals = st.sampled_from(
    [
        "*",
        {"AWS": ACCOUNT},
        {"AWS": USER.arn},
        {"AWS": ROLE.role_arn},
        {"AWS": ROLE.arn},
        {"AWS": "999999999999"},
        {"Service": "x"},
    ]
)


@st.composite
def rows(draw: Any, effect: str | None = None, own: bool = False) -> dict[str, Any]:
    row: dict[str, Any] = {"Effect": effect or draw(st.sampled_from(["Allow", "Deny"]))}
    row[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(st.lists(actions, min_size=1, max_size=2))
    row[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(st.lists(arns, min_size=1, max_size=2))
    condition = draw(conditions)
    if condition is not None:
        row["Condition"] = condition
    if own:
        row["Principal"] = draw(principals)
    return row


def policies(*, own: bool = False) -> Any:
    return st.lists(rows(own=own), max_size=3)


checks = st.builds(
    Check,
    st.sampled_from(["s3:GetObject", "s3:PutObject", "sqs:SendMessage"]),
    st.sampled_from(["arn:aws:s3:::a/k", "arn:aws:s3:::bob/k", "arn:aws:s3:::b", "*"]),
    st.sampled_from(
        [
            {},
            {"aws:SecureTransport": "true", "aws:RequestedRegion": "eu-west-1", "aws:SourceIp": "10.1.1.1"},
            {"aws:TagKeys": ["a", "z"]},
        ]
    ),
    st.sampled_from(["", ACCOUNT, "999999999999"]),
)
callers = st.sampled_from([USER, ROLE, STRANGER])


def named(rows_: list[dict[str, Any]], name: str = "p") -> NamedPolicy:
    return NamedPolicy(name, {"Version": "2012-10-17", "Statement": rows_})


def decide(caller: Principal, check: Check, world: dict[str, Any]) -> str:
    boundary = None if world["boundary"] is None else named(world["boundary"])
    policy_set = PolicySet(identity=tuple(named(part) for part in world["identity"]), boundary=boundary)
    return evaluate(caller, check, policy_set, None if world["own"] is None else named(world["own"])).decision


worlds = st.fixed_dictionaries(
    {"identity": st.lists(policies(), max_size=2), "boundary": st.none() | policies(), "own": st.none() | policies(own=True)}
)


def variants(world: dict[str, Any], row: dict[str, Any], own_row: dict[str, Any]) -> list[dict[str, Any]]:
    """The world with one more statement, in each of its places."""
    more = [{**world, "identity": [*world["identity"], [row]]}]
    if world["boundary"] is not None:
        more.append({**world, "boundary": [*world["boundary"], row]})
    if world["own"] is not None:
        more.append({**world, "own": [*world["own"], own_row]})
    return more


@settings(max_examples=200, deadline=None)
@given(callers, checks, worlds, rows("Allow"), rows("Allow", own=True))
def test_adding_an_allow_never_removes_access(caller, check, world, row, own_row) -> None:
    if decide(caller, check, world) == "allowed":
        for wider in variants(world, row, own_row):
            assert decide(caller, check, wider) == "allowed"


@settings(max_examples=200, deadline=None)
@given(callers, checks, worlds, rows("Deny"), rows("Deny", own=True))
def test_adding_a_deny_never_grants(caller, check, world, row, own_row) -> None:
    if decide(caller, check, world) != "allowed":
        for narrower in variants(world, row, own_row):
            assert decide(caller, check, narrower) != "allowed"


@settings(max_examples=150, deadline=None)
@given(callers, checks, worlds, st.randoms(use_true_random=False))
def test_order_and_splitting_make_no_difference(caller, check, world, shuffle) -> None:
    flat = [row for part in world["identity"] for row in part]
    shuffle.shuffle(flat)
    split = {**world, "identity": [[row] for row in flat]}
    merged = {**world, "identity": [flat]}
    assert decide(caller, check, world) == decide(caller, check, split) == decide(caller, check, merged)


@settings(max_examples=150, deadline=None)
@given(callers, checks, worlds)
def test_equivalent_spellings_agree(caller, check, world) -> None:
    def respelled(row: dict[str, Any]) -> list[dict[str, Any]]:
        """One statement for each action and resource, in another case, with doubled stars."""
        if "Action" not in row or "Resource" not in row:
            return [row]
        rest = {key: value for key, value in row.items() if key not in ("Action", "Resource")}
        return [
            {**rest, "Action": action.upper(), "Resource": [resource.replace("*", "**")]}
            for action in row["Action"]
            for resource in row["Resource"]
        ]

    other = {**world, "identity": [[new for row in part for new in respelled(row)] for part in world["identity"]]}
    assert decide(caller, check, world) == decide(caller, check, other)
