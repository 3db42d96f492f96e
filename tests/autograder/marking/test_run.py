from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.marking.job import Bench, judged
from autograder.marking.roll import Handed
from autograder.marking.run import grade_class
from autograder.report import Report

Class = Callable[..., list[Handed]]
LookedAt = Callable[[], list[str]]
HERE = Path(__file__).parent
ROOT = HERE.parents[2]


@pytest.fixture
def judges(bench: Bench) -> Callable[[Sequence[Handed]], Iterator[Report]]:
    def in_this_process(handed: Sequence[Handed]) -> Iterator[Report]:
        with bench.open() as judge:
            for one in handed:
                yield judged(judge, bench, one.name, one.folder, one.digest)

    return in_this_process


def lines(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_text().splitlines()]


def test_a_resumed_run_judges_what_is_new_changed_or_failed(
    tmp_path: Path, hand_in: Class, judges: Any, looked_at: LookedAt
) -> None:
    out = tmp_path / "results.jsonl"
    handed = hand_in(same={}, changed={"points": 2}, broken={"fault": "once"})
    first = grade_class("thumbnails", handed, judges, out)
    assert {report.submission: report.status for report in first} == {"broken": "failed", "changed": "graded", "same": "graded"}
    before = looked_at()
    second = grade_class("thumbnails", hand_in(changed={"points": 9}, late={}), judges, out, resume=True)
    assert sorted(looked_at()[len(before) :]) == ["broken", "changed", "late"]
    assert {report.submission: report.score for report in second} == {"broken": 15, "changed": 14, "late": 15, "same": 15}
    assert [line["submission"] for line in lines(out)] == ["broken", "changed", "late", "same"]


def test_a_run_without_resume_judges_everything_anew(tmp_path: Path, hand_in: Class, judges: Any, looked_at: LookedAt) -> None:
    out = tmp_path / "results.jsonl"
    grade_class("thumbnails", hand_in(ada={}), judges, out)
    grade_class("thumbnails", hand_in(ada={}), judges, out)
    assert looked_at() == ["ada", "ada"]
    assert len(lines(out)) == 1


def test_progress_counts_what_was_done_before(tmp_path: Path, hand_in: Class, judges: Any) -> None:
    out = tmp_path / "results.jsonl"
    grade_class("thumbnails", hand_in(ada={}), judges, out)
    seen: list[tuple[int, int, str | None]] = []
    grade_class(
        "thumbnails",
        hand_in(mary={}),
        judges,
        out,
        resume=True,
        progress=lambda done, total, report: seen.append((done, total, report and report.submission)),
    )
    assert seen == [(1, 2, None), (2, 2, "mary")]


def test_killed_at_any_point_no_grade_is_lost_or_doubled(
    tmp_path: Path, hand_in: Class, bench: Bench, looked_at: LookedAt
) -> None:
    hand_in(**{f"learner{number}": {"points": number} for number in range(8)})
    out = tmp_path / "results.jsonl"
    command = [sys.executable, str(HERE / "grade_and_tell.py"), str(tmp_path / "class"), str(out), str(tmp_path / "log")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE)])}
    for goal in (1, 4, 6):
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout is not None
            for line in run.stdout:
                if int(line.split()[0]) >= goal:
                    break
            run.send_signal(signal.SIGKILL)
        assert len({line["submission"] for line in lines(out)}) == len(lines(out)) >= goal
    subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    assert [(line["submission"], line["score"]) for line in lines(out)] == [
        (f"learner{number}", number + (5 if number >= 5 else 0)) for number in range(8)
    ]
