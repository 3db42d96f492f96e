from __future__ import annotations

import json
import resource
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.errors import GraderFault, SubmissionError
from autograder.marking.journal import Journal, read_reports
from autograder.report import CheckResult, CriterionResult, Report


def report(name: str, digest: str = "d", status: str = "graded", points: float = 1) -> Report:
    criteria = (CriterionResult("function", (CheckResult("works", points, 10, "said"),)),) if status == "graded" else ()
    return Report("lab", name, "graded" if status == "graded" else "failed", criteria, digest=digest)


def opened(path: Path, digests: Mapping[str, str] | None = None, *, resume: bool = True) -> Journal:
    return Journal(path, "lab", digests or {}, resume=resume)


def names(path: Path) -> list[str]:
    return [json.loads(line)["submission"] for line in path.read_text().splitlines()]


def test_a_report_is_in_the_file_before_the_next_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with opened(path) as journal:
        journal.add(report("mary"))
        assert names(path) == ["mary"]
        journal.add(report("ada"))
        assert names(path) == ["mary", "ada"]
        journal.finish()
    assert names(path) == ["ada", "mary"]


def test_a_torn_last_line_is_no_grade_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with opened(path) as journal:
        journal.add(report("ada"))
        journal.add(report("mary"))
    whole = path.read_bytes()
    for length in range(whole.index(b"\n") + 1, len(whole) - 1):
        path.write_bytes(whole[:length])
        with opened(path) as journal:
            assert [kept.submission for kept in journal.reports] == ["ada"]
            journal.add(report("mary"))
        assert names(path) == ["ada", "mary"]


def test_a_damaged_line_in_the_middle_is_never_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with opened(path) as journal:
        journal.add(report("ada"))
        journal.add(report("mary"))
    first, second = path.read_text().splitlines()
    path.write_text(f"{first[:-9]}\n{second}\n")
    with pytest.raises(GraderFault, match="line 1"):
        opened(path)
    assert path.read_text() == f"{first[:-9]}\n{second}\n"


def test_a_changed_or_failed_submission_loses_its_line_and_one_from_elsewhere_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with opened(path) as journal:
        for one in (report("same"), report("changed", "old"), report("broken", status="failed"), report("elsewhere", "x")):
            journal.add(one)
    with opened(path, {"same": "d", "changed": "new", "broken": "d"}) as journal:
        assert [kept.submission for kept in journal.reports] == ["elsewhere", "same"]
    assert names(path) == ["elsewhere", "same"]


def test_of_two_lines_for_one_submission_the_last_counts(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    lines = [json.dumps(report("ada", points=points).as_json()) for points in (3, 7)]
    path.write_text("\n".join(lines) + "\n")
    assert [found.score for found in read_reports(path)] == [7]


def test_a_second_report_for_one_submission_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path / "results.jsonl") as journal:
        journal.add(report("ada"))
        with pytest.raises(GraderFault, match="already"):
            journal.add(report("ada", points=10))


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow past that size: like a full disk, the kernel takes what fits and refuses the rest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_no_grade_is_torn_and_the_run_goes_on_once_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with opened(path) as journal:
        journal.add(report("ada"))
        with room_for(path.stat().st_size + 40), pytest.raises(SubmissionError, match=r"File too large.*run again with --resume"):
            journal.add(report("mary", points=3))
        assert names(path) == ["ada"]
    with opened(path) as journal:
        journal.add(report("mary", points=5))
        journal.finish()
    assert [(kept.submission, kept.score) for kept in read_reports(path)] == [("ada", 1), ("mary", 5)]


def test_on_a_full_disk_the_file_stays_when_it_cannot_be_put_in_order(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with opened(path) as journal:
        journal.add(report("mary"))
        journal.add(report("ada"))
        with room_for(path.stat().st_size - 40), pytest.raises(SubmissionError, match="every grade in it is whole"):
            journal.finish()
        assert names(path) == ["mary", "ada"]
    with room_for(40), pytest.raises(SubmissionError, match="make room"):
        opened(path)
    assert [file.name for file in tmp_path.iterdir()] == ["results.jsonl"]
    with opened(path) as journal:
        assert [kept.submission for kept in journal.reports] == ["ada", "mary"]


def test_two_runs_cannot_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with opened(path) as journal:
        with pytest.raises(SubmissionError, match="another run"):
            opened(path)
        journal.finish()  # puts a new file in place, which has to be locked too
        with pytest.raises(SubmissionError, match="another run"):
            opened(path)
    opened(path).close()


def test_a_run_that_starts_anew_keeps_what_was_there_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    for name in ("first", "second", "third"):
        with opened(path, resume=False) as journal:
            journal.add(report(name))
    assert names(path) == ["third"]
    assert names(tmp_path / "results.before-1.jsonl") == ["first"]
    assert names(tmp_path / "results.before-2.jsonl") == ["second"]


def test_results_of_another_assessment_are_not_taken_for_stale_ones(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with opened(path) as journal:
        journal.add(report("ada"))
    with pytest.raises(SubmissionError, match="holds results of lab"):
        Journal(path, "exam", {"ada": "e"}, resume=True)
    assert names(path) == ["ada"]
