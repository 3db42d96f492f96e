"""How a check says no: ``expect`` with a sentence for the learner."""

from __future__ import annotations


class NotYet(AssertionError):
    """The work is not there yet. The text is for the learner: what was seen, and what was expected instead."""


def expect(condition: object, message: str) -> None:
    """Raise NotYet with ``message`` unless ``condition`` holds."""
    if not condition:
        raise NotYet(message)
