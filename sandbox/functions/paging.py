"""One page of a listing. A marker is opaque to callers: the position and the key of the last item served."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from sandbox.functions import refusals

Item = TypeVar("Item")
PAGE_ITEMS_MAX = 50  # ListFunctions: "returns a maximum of 50 items in each response, even if you set the number higher"


def page(
    items: Sequence[Item], key: Callable[[Item], str], marker: str | None, max_items: int | None, most: int = PAGE_ITEMS_MAX
) -> tuple[list[Item], str | None]:
    """The items after ``marker`` and the marker of the next page, None on the last one.

    When the item a marker names has been deleted meanwhile, the listing resumes at its position: nothing is served twice.
    """
    start = _resume(items, key, marker) if marker else 0
    end = start + min(max_items or most, most)
    served = list(items[start:end])
    if end >= len(items):
        return served, None
    return served, base64.urlsafe_b64encode(f"{end}:{key(items[end - 1])}".encode()).decode()


def _resume(items: Sequence[Item], key: Callable[[Item], str], marker: str) -> int:
    try:
        position, _, last = base64.b64decode(marker, altchars=b"-_", validate=True).decode().partition(":")
        end = int(position)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise refusals.invalid("The marker provided is invalid.") from None
    if 0 < end <= len(items) and key(items[end - 1]) == last:
        return end
    found = next((index for index, item in enumerate(items) if key(item) == last), None)
    return max(0, end - 1) if found is None else found + 1
