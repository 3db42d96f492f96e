"""What this learner has done: sections read, lab steps passed. One document, kept in the browser and by the local server.

Both copies are sets of facts with a time (epoch milliseconds), so merging is a union: whatever order copies meet in, and
however often, the result is the same and a passed step is never lost. A step keeps its earliest pass; a section keeps its
latest ``read_at`` and ``undone_at``, and counts as read when ``read_at`` is the later of the two.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from courseware.errors import LearnerError
from courseware.place import write_atomically

SCHEMA = 1
DOCUMENT_BYTES_MAX = 1_000_000
_ENTRIES_MAX = 5_000
_EPOCH_MS_MAX = 2**53
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./#-]{0,199}")
_FIELDS = {"steps": {"passed_at"}, "sections": {"read_at", "undone_at"}}


@dataclass(frozen=True, slots=True)
class Progress:
    """``steps``: ``<lab>/<step>`` to when it was passed. ``sections``: page id to ``read_at`` and perhaps ``undone_at``."""

    steps: Mapping[str, int] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def merge(self, other: Progress) -> Progress:
        """The union of both; commutative, associative and idempotent."""
        steps = {
            key: min(at for at in (self.steps.get(key), other.steps.get(key)) if at is not None)
            for key in _keys(self.steps, other.steps)
        }
        sections = {
            key: _latest(self.sections.get(key, {}), other.sections.get(key, {})) for key in _keys(self.sections, other.sections)
        }
        return Progress(steps, sections)

    def as_json(self) -> dict[str, Any]:
        """The document as it is stored and sent."""
        steps = {key: {"passed_at": at} for key, at in self.steps.items()}
        return {"schema": SCHEMA, "steps": steps, "sections": {key: dict(times) for key, times in self.sections.items()}}


def parse(document: Any) -> Progress:
    """Read an untrusted document; raises LearnerError that names the entry which is wrong."""
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise LearnerError(f"progress must be an object with schema {SCHEMA}; was it written by a newer version of the course?")
    unknown = set(document) - {"schema", *_FIELDS}
    if unknown:
        raise LearnerError(f"progress has an unknown part {sorted(unknown)[0]!r}; it knows {', '.join(_FIELDS)}")
    steps = _entries(document, "steps")
    missing = [key for key, times in steps.items() if "passed_at" not in times]
    if missing:
        raise LearnerError(f"progress step {missing[0]!r} has no passed_at")
    return Progress({key: times["passed_at"] for key, times in steps.items()}, _entries(document, "sections"))


def load(path: Path) -> Progress:
    """The stored document; nothing yet is no error. A damaged file is put aside, named in a LearnerError."""
    try:
        return parse(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return Progress()
    except (ValueError, LearnerError) as error:
        aside = path.with_suffix(".damaged.json")
        path.replace(aside)
        raise LearnerError(
            f"{path} could not be read ({error}); it was moved to {aside} and the next call starts anew"
        ) from error


def record(path: Path, news: Progress) -> Progress:
    """Merge ``news`` into the stored document, one writer at a time, and return the union."""
    with _only_writer(path):
        merged = load(path).merge(news)
        write_atomically(path, merged.as_json())
    return merged


def _entries(document: Mapping[str, Any], part: str) -> dict[str, dict[str, int]]:
    entries = document.get(part, {})
    if not isinstance(entries, dict) or len(entries) > _ENTRIES_MAX:
        raise LearnerError(f"progress {part} must be an object of at most {_ENTRIES_MAX} entries")
    for key, times in entries.items():
        if not _KEY.fullmatch(key):
            raise LearnerError(f"progress {part} has the key {key[:80]!r}; keys are letters, digits and _ . / # -, 200 at most")
        if not isinstance(times, dict) or not times or set(times) - _FIELDS[part]:
            raise LearnerError(f"progress {part} {key!r} must hold {' or '.join(sorted(_FIELDS[part]))}")
        if not all(type(at) is int and 0 <= at < _EPOCH_MS_MAX for at in times.values()):
            raise LearnerError(f"progress {part} {key!r} must hold times in whole milliseconds since 1970")
    return entries


def _keys(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted({*one, *other})


def _latest(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: max(one.get(name, 0), other.get(name, 0)) for name in _keys(one, other)}


@contextlib.contextmanager
def _only_writer(path: Path) -> Iterator[None]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
