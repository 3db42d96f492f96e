"""One lab on one AWS account: who, where, until when, and the journal of what was made, written before it is made.

``.course/aws/<account>/<lab>.json`` begins when the learner has agreed to the cost and ends when ``clean`` has left nothing.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.lab import Lab
from courseware.aws.names import Names
from courseware.aws.tags import EXPIRES, LAB, LEARNER
from courseware.errors import LearnerError
from courseware.place import state_folder, write_atomically

_INSIDE_KEYS = frozenset({"alias", "stage"})  # keys of [names] for what lives inside something that has the prefix


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal. ``event`` is making, opening or closed; ``name`` is the lab's, without the prefix."""

    event: str
    kind: str
    name: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """``until_s`` and ``public_until_s`` are epoch seconds; 0 in the latter means that nothing may be public."""

    account_id: str
    region: str
    learner: str
    lab: str
    until_s: int
    public_until_s: int = 0

    @property
    def prefix(self) -> str:
        # Two hyphens end it: a lab's slug holds none, so no lab's prefix begins with another's.
        return f"course-{self.learner}-{self.lab}--"

    @property
    def tags(self) -> dict[str, str]:
        """The same for the whole run: SNS and Step Functions refuse a second creation with other tags."""
        return {LEARNER: self.learner, LAB: self.lab, EXPIRES: clock_time(self.until_s)}

    @property
    def may_open(self) -> bool:
        """Whether something may be reachable by anybody now."""
        return now_s() < self.public_until_s

    @property
    def journal(self) -> Journal:
        return Journal(_folder(self.account_id) / f"{self.lab}.journal.jsonl")

    def names(self, lab: Lab) -> Names:
        """What the lab calls its things; ``{account}`` and ``{region}`` in ``[names]`` are filled in."""
        given = {"account": self.account_id, "region": self.region}
        declared = [name.format(**given) for key, name in lab.names.items() if key not in _INSIDE_KEYS]
        return Names(self.prefix, [*declared, *(entry.name for entry in self.journal if entry.event == "making")])

    def save(self) -> None:
        write_atomically(_folder(self.account_id) / f"{self.lab}.json", asdict(self))

    def forget(self) -> None:
        """Nothing of it is left on AWS."""
        (_folder(self.account_id) / f"{self.lab}.json").unlink(missing_ok=True)
        self.journal.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Journal:
    """Lines of JSON, each on the disk before the request it speaks of leaves; a last line cut off by a crash is left out."""

    path: Path

    def write(self, entry: Entry) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # A line before it too: after a crash the last one may have no end.
            os.write(handle, b"\n" + json.dumps(asdict(entry)).encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)

    def size(self) -> int:
        """Bytes written so far."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def __iter__(self) -> Iterator[Entry]:
        try:
            lines = self.path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                yield Entry(**json.loads(line))
            except (ValueError, TypeError):
                continue


def now_s() -> int:
    """AWS has no other clock."""
    return time.time_ns() // 1_000_000_000


def clock_time(epoch_s: int) -> str:
    """In UTC, as the tag says it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch_s))


def find_run(account_id: str, lab: str) -> Run | None:
    """The run that was begun and not cleaned up; None when there is none."""
    try:
        return Run(**json.loads((_folder(account_id) / f"{lab}.json").read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise LearnerError(
            f"the record of {lab} in {_folder(account_id)} is damaged ({error}); delete it and clean up"
        ) from error


def runs() -> list[Run]:
    """Every run of every account, by account and lab."""
    found = (find_run(path.parent.name, path.stem) for path in sorted((state_folder() / "aws").glob("*/*.json")))
    return [run for run in found if run is not None]


def _folder(account_id: str) -> Path:
    return state_folder() / "aws" / account_id
