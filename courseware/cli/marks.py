"""``./course marks``: the marks of a class for other programs, from the gradebook or from a results file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import LearnerError, ToolError
from courseware.place import course_root

if TYPE_CHECKING:
    from autograder.gradebook.marks_csv import Mark

EXAMPLES = """examples:
  ./course marks canvas --to canvas.csv              from the gradebook, rubric and penalties included
  ./course marks moodle --from results.jsonl         from a results file: what the judge gave, nothing by hand
  ./course marks lti --platform campus.toml          to the platform of a registration, by LTI 1.3
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course marks``."""
    parser.add_argument("format", choices=["nbgrader", "canvas", "moodle", "lti"], help="whose columns, or lti to send scores")
    parser.add_argument("--from", dest="source", type=Path, metavar="FILE", help="a results file (default: the gradebook)")
    parser.add_argument("--to", type=Path, metavar="FILE", help="where to write (default: standard output)")
    parser.add_argument("--platform", type=Path, metavar="FILE", help="the registration of the platform, for lti")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when the platform did not take every score."""
    # Imported here: nbgrader takes a second that --help need not wait for.
    from autograder.errors import GraderFault, SubmissionError  # noqa: PLC0415
    from autograder.gradebook.marks_csv import FORMATS  # noqa: PLC0415

    try:
        marks = _from_results(args.source) if args.source else _from_gradebook()
        if args.format == "lti":
            return _send(marks, args.platform)
    except SubmissionError as error:
        raise LearnerError(str(error)) from error
    except GraderFault as error:
        raise ToolError(str(error)) from error
    text = FORMATS[args.format](marks)
    if args.to:
        args.to.write_text(text, "utf-8", newline="")
    else:
        sys.stdout.write(text)
    return 0


def _from_results(path: Path) -> list[Mark]:
    from autograder.gradebook.marks_csv import Mark  # noqa: PLC0415
    from autograder.marking.journal import read_reports  # noqa: PLC0415

    if not path.is_file():
        raise LearnerError(f"there is no {path}; `./course grade` writes one")
    reports = list(read_reports(path))
    failed = [report.submission for report in reports if report.status == "failed"]
    if failed:
        raise LearnerError(f"{', '.join(failed)} have no grade yet; run `./course grade … --resume` first")
    return [Mark(report.assessment, report.submission, "", "", "", report.score, 0.0, report.max, "", "") for report in reports]


def _from_gradebook() -> list[Mark]:
    from autograder.gradebook.export import read_marks  # noqa: PLC0415
    from autograder.gradebook.settings import database_url  # noqa: PLC0415

    url = database_url(course_root() / "assessments")
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///").partition("?")[0]).exists():
        raise LearnerError("there is no gradebook yet; docs/running_a_class.md tells how one comes to be, or use --from FILE")
    return read_marks(url)


def _send(marks: list[Mark], registration: Path | None) -> int:
    from autograder.lti import Passback, Score, load_platform  # noqa: PLC0415

    if registration is None:
        raise LearnerError("lti needs --platform FILE: docs/running_a_class.md shows what is in it")
    passback = Passback(load_platform(registration))
    left_out: dict[str, str] = {}
    try:
        for assignment in sorted({mark.assignment for mark in marks}):
            scores = [
                Score(mark.learner, mark.score, mark.max_score, final=not mark.waits)
                for mark in marks
                if mark.assignment == assignment
            ]
            refused = passback.send(assignment, assignment, scores)
            print(f"{assignment}: {len(scores) - len(refused)} of {len(scores)} scores sent")
            left_out |= refused
    finally:
        passback.close()
    for learner, reason in left_out.items():
        print(f"not sent: {learner}: {reason}", file=sys.stderr)
    return 1 if left_out else 0
