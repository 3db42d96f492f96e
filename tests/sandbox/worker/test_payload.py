from __future__ import annotations

import json
from collections import namedtuple
from decimal import Decimal
from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.worker.fault import Fault
from sandbox.worker.payload import decode, encode

Point = namedtuple("Point", "x y")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_what_json_can_hold_comes_back(value):
    assert json.loads(encode(value)) == value


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Decimal("1.50"), "1.50"),
        ({"price": [Decimal("3"), Decimal("1E+2")]}, '{"price": [3, 1E+2]}'),
        (Decimal("NaN"), "NaN"),
        (Point(1, 2), '{"x": 1, "y": 2}'),
        ({"p": [Point(1, Decimal("0.1"))]}, '{"p": [{"x": 1, "y": 0.1}]}'),
        ((1, (2,)), "[1, [2]]"),
        ({b"key": b"value"}, '{"key": "value"}'),
        ({1: 2, None: 3}, '{"1": 2, "null": 3}'),
        ("é€😀", '"é€😀"'),
        (float("inf"), "Infinity"),
        (IntEnum("Colour", "RED").RED, "1"),
    ],
)
def test_values_are_written_as_simplejson_does_for_aws(value, sent):
    assert encode(value).decode() == sent


def test_bytes_are_sent_as_they_are():
    assert encode(b"\xff\x00") == b"\xff\x00"


@pytest.mark.parametrize("value", [{1, 2}, object(), {(1,): 2}, b"\xff".join, [{"a": {1}}], {"bad": [b"\xff"]}])
def test_what_json_cannot_hold_is_a_marshal_error(value):
    with pytest.raises(Fault, match=r"^Unable to marshal response: ") as caught:
        encode(value)
    assert caught.value.error_type == "Runtime.MarshalError"


def test_a_deep_value_is_a_marshal_error_not_a_crash():
    value: list = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(Fault):
        encode(value)


def test_an_event_that_is_no_json_is_an_unmarshal_error():
    with pytest.raises(Fault, match=r"^Unable to unmarshal input: Expecting value: line 1 column 1 \(char 0\)$") as caught:
        decode(b"nope")
    assert caught.value.error_type == "Runtime.UnmarshalError"
