from __future__ import annotations

from typing import Any

import pytest

from sandbox.triggers.event_pattern import PatternError, matches, validate

EVENT = {
    "source": "aws.s3",
    "detail": {
        "key": "in/cat.JPG",
        "size": 1024,
        "tags": ["red", "blue"],
        "ok": True,
        "note": None,
        "empty": [],
        "address": "10.0.3.7",
        "parts": [{"name": "a", "size": 1}, {"name": "b", "size": 2}],
    },
}


def detail(**fields: Any) -> dict[str, Any]:
    return {"detail": fields}


@pytest.mark.parametrize(
    "pattern",
    [
        {},
        {"source": ["aws.s3", "aws.ec2"]},
        detail(size=[1024]),
        detail(size=[1024.0]),
        detail(tags=["blue"]),
        detail(ok=[True]),
        detail(note=[None]),
        detail(key=[{"prefix": "in/"}]),
        detail(key=[{"prefix": {"equals-ignore-case": "IN/"}}]),
        detail(key=[{"suffix": {"equals-ignore-case": ".jpg"}}]),
        detail(key=[{"equals-ignore-case": "IN/CAT.jpg"}]),
        detail(key=[{"wildcard": "in/*.JPG"}]),
        detail(key=[{"anything-but": "x"}]),
        detail(key=[{"anything-but": ["x", "y"]}]),
        detail(key=[{"anything-but": {"prefix": "out/"}}]),
        detail(key=[{"anything-but": {"suffix": [".png", ".gif"]}}]),
        detail(key=[{"anything-but": {"wildcard": "out/*"}}]),
        detail(key=[{"anything-but": {"equals-ignore-case": ["other"]}}]),
        detail(size=[{"anything-but": [1, 2]}]),
        detail(size=[{"numeric": [">", 0, "<=", 1024]}]),
        detail(size=[{"numeric": ["=", 1024]}]),
        detail(note=[{"exists": True}]),
        detail(nothing=[{"exists": False}]),
        detail(empty=[{"exists": False}]),
        detail(address=[{"cidr": "10.0.0.0/16"}]),
        detail(parts={"name": ["b"], "size": [2]}),
        {"$or": [{"source": ["aws.ec2"]}, {"detail": {"size": [1024]}}]},
    ],
)
def test_a_pattern_takes_what_it_describes(pattern: dict[str, Any]) -> None:
    validate(pattern)
    assert matches(pattern, EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.ec2"]},
        {"source": ["aws.s3"], "account": ["1"]},
        detail(size=["1024"]),
        detail(ok=[1]),
        detail(note=["null"]),
        detail(key=[{"prefix": "IN/"}]),
        detail(key=[{"wildcard": "in/*/cat.JPG"}]),
        detail(key=[{"wildcard": "in/cat.JPG*G"}]),
        detail(key=[{"anything-but": {"prefix": "in/"}}]),
        detail(key=[{"anything-but": ["in/cat.JPG"]}]),
        detail(size=[{"numeric": [">", 1024]}]),
        detail(key=[{"numeric": [">", 0]}]),
        detail(empty=[{"exists": True}]),
        detail(key=[{"exists": False}]),
        {"detail": [{"exists": True}]},
        detail(address=[{"cidr": "10.1.0.0/16"}]),
        detail(key=[{"cidr": "10.1.0.0/16"}]),
        detail(parts={"name": ["a"], "size": [2]}),
        {"$or": [{"source": ["aws.ec2"]}, {"detail": {"size": [1]}}]},
        {"$or": [{"source": ["aws.s3"]}, {"detail": {"size": [1]}}], "account": ["1"]},
    ],
)
def test_a_pattern_leaves_what_it_does_not_describe(pattern: dict[str, Any]) -> None:
    validate(pattern)
    assert not matches(pattern, EVENT)


def test_a_star_can_be_meant_literally() -> None:
    assert matches({"a": [{"wildcard": "x\\*y*"}]}, {"a": "x*yz"})
    assert not matches({"a": [{"wildcard": "x\\*y*"}]}, {"a": "xayz"})


def test_a_long_text_and_many_stars_are_quick() -> None:
    assert not matches({"a": [{"wildcard": "*a" * 30 + "b"}]}, {"a": "a" * 100_000})


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ([], "not an object"),
        ({"a": "b"}, '"a" must be an object or an array'),
        ({"a": []}, "Empty arrays"),
        ({"a": {}}, "Empty objects"),
        ({"a": [["b"]]}, "Match value must be"),
        ({"a": [{"like": "b"}]}, "Unrecognized match type like"),
        ({"a": [{"prefix": 1}]}, "prefix match pattern must be a string"),
        ({"a": [{"prefix": "a", "suffix": "b"}]}, "Only one key"),
        ({"a": [{"exists": "yes"}]}, "exists match pattern must be either true or false"),
        ({"a": [{"numeric": [">"]}]}, "must be numeric"),
        ({"a": [{"numeric": [">", "1"]}]}, "must be numeric"),
        ({"a": [{"numeric": ["!", 1]}]}, "Unrecognized numeric range operator"),
        ({"a": [{"numeric": [">", 5, "<", 1]}]}, "Bottom must be less than top"),
        ({"a": [{"numeric": [">", 1e12]}]}, "between"),
        ({"a": [{"cidr": "10.0.0.0/99"}]}, "CIDR"),
        ({"a": [{"wildcard": "a**"}]}, "Consecutive wildcard"),
        ({"a": [{"anything-but": []}]}, "Empty arrays"),
        ({"a": [{"anything-but": [1, "a"]}]}, "not supported"),
        ({"a": [{"anything-but": {"numeric": [">", 1]}}]}, "Unsupported anything-but"),
        ({"$or": [{"a": []}, {"b": [1]}]}, "Empty arrays"),
    ],
)
def test_a_broken_pattern_is_refused_with_a_reason(pattern: Any, reason: str) -> None:
    with pytest.raises(PatternError, match=reason.replace("(", r"\(")):
        validate(pattern)
