"""Whether a submission gets the same report whenever, wherever and after whatever it is judged, byte for byte but for timings.

It is judged again and again by workers in surroundings that differ in all a report must not depend on: another process, order of
sets, working directory, temporary directory, time zone, and another order of the submissions.
"""

from __future__ import annotations

import difflib
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.marking.crew import Crew, Surroundings
from autograder.marking.job import Bench
from autograder.marking.roll import Handed
from autograder.report import Report

PLACES = 3
_ZONES = ("Asia/Tokyo", "America/St_Johns", "UTC")
_LINES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Repeated:
    """``texts`` are the different reports of one submission, each once; ``times`` says how often it was judged."""

    name: str
    times: int
    texts: tuple[str, ...]

    @property
    def difference(self) -> str:
        """Lines in which the first two reports differ; empty when there is one."""
        if len(self.texts) < 2:
            return ""
        first, second = (text.splitlines() for text in self.texts[:2])
        rows = difflib.unified_diff(first, second, lineterm="", n=0)
        return "\n".join([row for row in rows if row[:1] in "+-" and row[:3] not in ("+++", "---")][:_LINES_SHOWN])


def repeat(bench: Bench, handed: Sequence[Handed], times: int, places: int = PLACES, seed: int = 0) -> Iterator[Repeated]:
    """Each submission judged ``times`` times, by one worker after the other in ``places`` surroundings."""
    texts: dict[str, dict[str, None]] = {one.name: {} for one in handed}
    rounds = [times // places + (place < times % places) for place in range(places)]
    for place, count in enumerate(rounds):
        draw = random.Random(seed + place)  # noqa: S311 - an order, no secret
        turns = [one for _ in range(count) for one in draw.sample(list(handed), len(handed))]
        with ExitStack() as held:
            for report in Crew(bench, 1, surroundings=_surroundings(held, place)).run(turns):
                texts[report.submission][text_of(report)] = None
    for one in handed:
        yield Repeated(one.name, times, tuple(texts[one.name]))


def text_of(report: Report) -> str:
    """All of a report that has to be the same, a member a line."""
    return json.dumps(replace(report, seconds={}).as_json(), indent=1)


def _surroundings(held: ExitStack, place: int) -> Surroundings:
    folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix=f"place-{place}-")))
    chosen = {"PYTHONHASHSEED": str(place + 1), "TMPDIR": str(folder), "TZ": _ZONES[place % len(_ZONES)]}
    return Surroundings(folder, chosen)
