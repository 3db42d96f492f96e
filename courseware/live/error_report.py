"""A traceback cut down to the learner's own lines: what happened, where in the cell, and in AWS's words when AWS said it."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

CELL_PREFIX = "<cell "


def report(error: BaseException) -> str:
    """Text for the output area; frames outside cells are left out, chained errors are kept when they touch a cell."""
    lines = list(_chain(error))
    return "\n".join(lines).rstrip() + "\n"


def _chain(error: BaseException) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None and _own_frames(earlier):
        yield from _chain(earlier)
        yield ""
        yield "While handling that:" if error.__cause__ is None else "Which caused:"
        yield ""
    if isinstance(error, SyntaxError):
        yield from "".join(traceback.format_exception_only(error)).rstrip().splitlines()
        return
    frames = _own_frames(error)
    if frames:
        yield "Traceback (your lines only):"
        yield from "".join(traceback.format_list(frames)).rstrip().splitlines()
    yield "".join(traceback.format_exception_only(error)).rstrip()


def _own_frames(error: BaseException) -> list[traceback.FrameSummary]:
    found = traceback.extract_tb(error.__traceback__)
    return [_named(frame) for frame in found if frame.filename.startswith(CELL_PREFIX)]


def _named(frame: traceback.FrameSummary) -> traceback.FrameSummary:
    return traceback.FrameSummary(frame.filename, frame.lineno, frame.name, line=frame.line, lookup_line=True)
