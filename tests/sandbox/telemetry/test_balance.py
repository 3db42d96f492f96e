from __future__ import annotations

import pytest

from sandbox.errors import InternalError
from sandbox.telemetry.balance import Balance


def test_the_books_name_every_reason_in_one_line() -> None:
    books = Balance("queue")
    books.accepted, books.processed = 5, 2
    books.dropped["EventAgeExceeded"] += 1
    books.dead_lettered = 1
    books.check(pending=1)
    assert books.text(1) == "queue: 5 accepted = 2 processed + 1 dead-lettered + 1 dropped (EventAgeExceeded: 1) + 1 pending"
    assert books.report(1)["balanced"]


@pytest.mark.parametrize("pending", [0, 2])
def test_a_missing_or_doubled_event_is_caught(pending: int) -> None:
    books = Balance("queue")
    books.accepted = 1
    assert not books.report(pending)["balanced"]
    with pytest.raises(InternalError, match="do not balance"):
        books.check(pending)
