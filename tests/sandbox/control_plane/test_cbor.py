from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.control_plane import cbor
from sandbox.errors import AwsError

values = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.integers(0, 4_000_000_000).map(lambda at: datetime.fromtimestamp(at, UTC)),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@given(values)
def test_what_is_encoded_is_decoded(value):
    assert cbor.decode(cbor.encode(value)) == value


@given(st.binary(min_size=1, max_size=60))
def test_any_bytes_give_a_value_or_an_aws_error(data):
    with contextlib.suppress(AwsError):
        cbor.decode(data)


def test_members_that_are_none_are_left_out():
    assert cbor.decode(cbor.encode({"a": None, "b": 1})) == {"b": 1}


def test_indefinite_lengths_are_read():
    assert cbor.decode(b"\xbf\x61a\x9f\x01\x02\xff\x61b\x7f\x62hi\x61!\xff\xff") == {"a": [1, 2], "b": "hi!"}


def test_deep_nesting_is_refused_before_the_stack_ends():
    with pytest.raises(AwsError):
        cbor.decode(b"\x81" * 10_000 + b"\x01")


def test_a_huge_announced_length_is_refused_at_once():
    with pytest.raises(AwsError):
        cbor.decode(b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff")
