from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import AwsError
from sandbox.functions.paging import PAGE_ITEMS_MAX, page


def _all(items, size):
    served, marker = page(items, str, None, size)
    while marker:
        more, marker = page(items, str, marker, size)
        served += more
    return served


@given(st.lists(st.text(min_size=1), unique=True, max_size=130), st.integers(min_value=1, max_value=200))
def test_walking_the_markers_serves_every_item_once_and_in_order(items, size):
    assert _all(items, size) == items


def test_a_page_never_holds_more_than_fifty_items():
    served, marker = page(list(range(60)), str, None, 10_000)
    assert len(served) == PAGE_ITEMS_MAX
    assert marker


def test_the_last_page_has_no_marker_even_when_it_is_full():
    assert page(["a", "b"], str, None, 2) == (["a", "b"], None)


@given(st.integers(min_value=0, max_value=3))
def test_nothing_is_lost_when_an_item_goes_between_two_pages(gone):
    items = list("abcdef")
    first, marker = page(items, str, None, 4)
    removed = items.pop(gone)
    rest, _ = page(items, str, marker, 4)
    assert {"e", "f"} <= set(first + rest)
    assert set(first + rest) == set("abcdef")
    assert removed in first


@pytest.mark.parametrize("marker", ["nonsense", "***", base64.b64encode(b"no position").decode()])
def test_a_marker_we_never_gave_is_refused(marker):
    with pytest.raises(AwsError, match="marker"):
        page(["a"], str, marker, 1)
