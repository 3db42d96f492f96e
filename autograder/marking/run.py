"""A whole class: what is graded already stays, what is new, changed or failed is judged, each report is on disk at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from autograder.marking.journal import Journal
from autograder.marking.roll import Handed
from autograder.report import Report

Judges = Callable[[Sequence[Handed]], Iterator[Report]]
Progress = Callable[[int, int, Report | None], None]


def grade_class(
    assessment: str,
    handed: Sequence[Handed],
    judges: Judges,
    out: Path,
    *,
    known: Sequence[Report] = (),
    resume: bool = False,
    progress: Progress | None = None,
) -> list[Report]:
    """Reports of all submissions, by name; ``out`` holds them one a line. May be killed at any point and resumed.

    ``known`` are reports of submissions that no judge needs to see; they have their lines among the others. ``progress`` is
    told how many are done, of how many, and the last report (None at the start).
    """
    digests = {one.name: one.digest for one in handed} | {report.submission: report.digest for report in known}
    with Journal(out, assessment, digests, resume=resume) as journal:
        done = {report.submission for report in journal.reports}
        for report in known:
            if report.submission not in done:
                journal.add(report)
        left = [one for one in handed if one.name not in done]
        count = len(handed) - len(left)
        tell = progress or (lambda _done, _total, _report: None)
        tell(count, len(handed), None)
        if left:
            for report in judges(left):
                journal.add(report)
                count += 1
                tell(count, len(handed), report)
        journal.finish()
        return [report for report in journal.reports if report.submission in digests]
