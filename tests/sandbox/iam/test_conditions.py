from __future__ import annotations

from typing import Any

import pytest

from sandbox.iam.conditions import compile_conditions, spelling
from sandbox.iam.context import Context


def holds(block: dict[str, Any], **given: Any) -> bool:
    context = Context({key.replace("__", "/").replace("_", ":", 1): value for key, value in given.items()})
    return all(condition.holds(context) for condition in compile_conditions(block, variables=True))


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "result"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", "a*", "ab", False),
        ("stringequals", "a", "a", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", ["a", "b"], "c", True),
        ("StringEqualsIgnoreCase", "Ab", "aB", True),
        ("StringNotEqualsIgnoreCase", "Ab", "aB", False),
        ("StringLike", "a*", "abc", True),
        ("StringLike", "a?", "abc", False),
        ("StringNotLike", "a*", "abc", False),
        ("NumericEquals", "10", "10.0", True),
        ("NumericNotEquals", 10, "11", True),
        ("NumericLessThan", "10", "9", True),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "10", "10", False),
        ("NumericGreaterThanEquals", "10", "10", True),
        ("NumericEquals", "ten", "10", False),
        ("NumericLessThan", "10", "nine", False),
        ("DateEquals", "2026-01-01T00:00:00Z", "1767225600", True),
        ("DateNotEquals", "2026-01-01", "2026-01-02", True),
        ("DateLessThan", "2026-01-02", "2026-01-01T23:59:59Z", True),
        ("DateLessThanEquals", "2026-01-02T01:00:00+01:00", "2026-01-02T00:00:00Z", True),
        ("DateGreaterThan", "2026-01-02", "2026-01-01", False),
        ("DateGreaterThanEquals", "not a date", "2026-01-01", False),
        ("Bool", "true", "True", True),
        ("Bool", True, "true", True),
        ("Bool", "false", "true", False),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ6", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.9", True),
        ("IpAddress", ["10.0.0.0/8", "192.0.2.1"], "192.0.2.1", True),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", True),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.9", False),
        ("IpAddress", "203.0.113.0/24", "no address", False),
        ("ArnEquals", "arn:aws:sns:*:123:t", "arn:aws:sns:us-east-1:123:t", True),
        ("ArnLike", "arn:aws:sns:*:123:t*", "arn:aws:sns:us-east-1:9:123:t", False),
        ("ArnNotEquals", "arn:aws:sns:us-east-1:1:t", "arn:aws:sns:us-east-1:1:t", False),
        ("ArnNotLike", "arn:aws:sns:*:*:*", "arn:aws:sqs:us-east-1:1:q", True),
        ("NoSuchOperator", "a", "a", False),
    ],
)
def test_each_operator(operator: str, wanted: Any, value: str, result: bool) -> None:
    assert holds({operator: {"aws:k": wanted}}, aws_k=value) is result


@pytest.mark.parametrize(
    ("operator", "result"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("StringNotLike", True),
        ("NumericNotEquals", True),
        ("NotIpAddress", True),
        ("ArnNotLike", True),
        ("Bool", False),
        ("StringEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("ForAllValues:StringNotEquals", True),
        ("ForAnyValue:StringEqualsIfExists", True),
    ],
)
def test_a_missing_key(operator: str, result: bool) -> None:
    assert holds({operator: {"aws:k": "x"}}) is result


@pytest.mark.parametrize(
    ("given", "wanted", "result"), [({}, "true", True), ({}, "false", False), ({"aws_k": "x"}, "false", True)]
)
def test_null_asks_whether_the_key_is_missing(given: dict[str, str], wanted: str, result: bool) -> None:
    assert holds({"Null": {"aws:k": wanted}}, **given) is result


@pytest.mark.parametrize(
    ("operator", "wanted", "values", "result"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], ["a"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
        ("ForAllValues:StringEquals", ["a"], [], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], True),
        ("ForAnyValue:StringEquals", ["a"], ["c"], False),
        ("ForAllValues:StringNotEquals", ["a"], ["b", "c"], True),
        ("ForAllValues:StringNotEquals", ["a"], ["a", "c"], False),
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "c"], True),
        ("ForAnyValue:StringNotEquals", ["a"], ["a"], False),
        ("ForAnyValue:StringLike", "arn:*", ["x", "arn:y"], True),
    ],
)
def test_set_operators(operator: str, wanted: Any, values: list[str], result: bool) -> None:
    assert holds({operator: {"aws:k": wanted}}, aws_k=values) is result


def test_several_keys_and_operators_must_all_hold() -> None:
    block = {"StringEquals": {"aws:a": "1", "aws:b": "2"}, "Bool": {"aws:c": "true"}}
    assert holds(block, aws_a="1", aws_b="2", aws_c="true")
    assert not holds(block, aws_a="1", aws_b="3", aws_c="true")
    assert not holds(block, aws_a="1", aws_b="2")


def test_keys_are_case_insensitive_and_tag_names_keep_their_slash() -> None:
    assert holds({"StringEquals": {"AWS:PrincipalTag/Team": "x"}}, aws_principaltag__team="x")


def test_a_variable_without_a_value_equals_nothing_and_differs_from_everything() -> None:
    assert not holds({"StringEquals": {"aws:a": "${aws:b}"}}, aws_a="x")
    assert holds({"StringNotEquals": {"aws:a": "${aws:b}"}}, aws_a="x")
    assert holds({"StringEquals": {"aws:a": "${aws:b}"}}, aws_a="x", aws_b="x")


def test_variables_work_in_strings_and_arns_only() -> None:
    assert not holds({"NumericEquals": {"aws:a": "${aws:b}"}}, aws_a="1", aws_b="1")
    assert holds({"ArnLike": {"aws:a": "arn:aws:s3:::${aws:b}*"}}, aws_a="arn:aws:s3:::bob-1", aws_b="bob")


def test_an_unknown_quantifier_is_no_operator() -> None:
    assert spelling("ForSomeValues:StringEquals") is None
    assert spelling("ForAllValues:StringLikeIfExists") is not None
