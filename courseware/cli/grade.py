"""``./course grade``: a class of submissions to one assessment (folders, or what nbgrader collected)."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import LearnerError, ToolError

if TYPE_CHECKING:
    from autograder.assessment import Assessment
    from autograder.marking.job import Bench
    from autograder.marking.roll import Handed
    from autograder.quiz.assignment import Quiz
    from autograder.report import Report

EXAMPLES = """examples:
  ./course grade image-application submissions            one subfolder a learner; results.jsonl gets a line each
  ./course grade image-application submissions --resume   go on after Ctrl-C, a crash or a corrected submission
  ./course grade image-application submissions --workers 8 --out marks/exam.jsonl
  ./course grade image-application submissions --scheduler tcp://10.0.0.5:8786    on the workers of dask.distributed
  ./course grade image-application --gradebook            what `nbgrader collect` brought, into the gradebook
  ./course grade quiz-m1 --gradebook                      the same for a graded quiz

Exit code 0: every submission has a grade, be it zero. 1: the grader failed on some, which have none. 2: a mistake in the call.
docs/running_a_class.md tells the way from release to feedback; docs/grading.md the lines of the results file.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course grade``."""
    parser.add_argument("assessment", help="the assessment's name, for example image-application, or its folder")
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the submissions: one subfolder a learner")
    parser.add_argument(
        "--gradebook", action="store_true", help="grade assessments/submitted instead of DIR, into nbgrader's gradebook"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="the results (default: results.jsonl; with --gradebook assessments/reports/ASSESSMENT/results.jsonl)",
    )
    where = parser.add_mutually_exclusive_group()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    where.add_argument(
        "--workers", type=int, default=cores, metavar="N", help=f"processes that judge (default: one a core, {cores} here)"
    )
    where.add_argument("--scheduler", metavar="tcp://…", help="judge on the workers of this dask scheduler instead")
    parser.add_argument(
        "--resume", action="store_true", help="keep grades of unchanged submissions; judge what is new, changed or failed"
    )
    parser.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        help="the course's key in hex, which variants are drawn with (default: assessments/course.key)",
    )
    parser.add_argument(
        "--allow-unsafe", action="store_true", help="grade although this machine cannot isolate what submissions run"
    )


def run(args: argparse.Namespace) -> int:
    """Grade, show, and say by the exit code whether everybody has a grade."""
    # Imported here: the judge and nbgrader take seconds, which --help and a wrong name need not wait for.
    from autograder.errors import GraderFault, LabError, SubmissionError  # noqa: PLC0415
    from autograder.marking.summary import summary  # noqa: PLC0415
    from courseware.grading import named_assessment  # noqa: PLC0415
    from courseware.quizzes import named_quiz, quiz_names  # noqa: PLC0415

    if args.workers < 1:
        raise LearnerError("--workers takes a number from 1 up")
    if args.gradebook == (args.folder is not None):
        raise LearnerError("name the folder of submissions, or --gradebook for what nbgrader collected: one of the two")
    try:
        assessment = named_quiz(args.assessment) or named_assessment(args.assessment, quiz_names())
        _look(assessment, args)
        _prepare(assessment, args)
        reports, refused = _into_gradebook(assessment, args) if args.gradebook else (_folders(assessment, args), {})
    except SubmissionError as error:
        raise LearnerError(str(error)) from error
    except (LabError, GraderFault) as error:
        raise ToolError(str(error)) from error
    print("\n".join(summary(reports)))
    for learner, reason in refused.items():
        print(f"not in the gradebook: {learner}: {reason.strip().splitlines()[-1]}", file=sys.stderr)
    return 1 if refused or any(report.status == "failed" for report in reports) else 0


def _look(assessment: Assessment | Quiz, args: argparse.Namespace) -> None:
    """What is named is there: asked before anything is built. SubmissionError or LearnerError says what is missing."""
    from autograder.marking.roll import names_in  # noqa: PLC0415
    from courseware.grading import course_key  # noqa: PLC0415

    course_key(args.key)
    if args.gradebook:
        from autograder.gradebook.class_grades import collected  # noqa: PLC0415

        collected(assessment.folder.parent, assessment.slug)
    else:
        names_in(args.folder)


def _prepare(assessment: Assessment | Quiz, args: argparse.Namespace) -> None:
    """What workers ask for (layers, outputs of a quiz's code) is made first; a machine that cannot isolate is refused at once."""
    from autograder.isolate import choose  # noqa: PLC0415
    from autograder.quiz.assignment import Quiz  # noqa: PLC0415
    from courseware.layers import ready  # noqa: PLC0415
    from courseware.quizzes import bank_of  # noqa: PLC0415

    if isinstance(assessment, Quiz):
        bank_of(assessment)
        return
    if args.scheduler is None:
        choose(allow_unsafe=args.allow_unsafe)
    ready(assessment.layers)


def _folders(assessment: Assessment | Quiz, args: argparse.Namespace) -> list[Report]:
    from autograder.marking.job import bench_for  # noqa: PLC0415
    from autograder.marking.roll import call_roll  # noqa: PLC0415
    from autograder.quiz.assignment import Quiz  # noqa: PLC0415
    from courseware import grading, quizzes  # noqa: PLC0415

    settings = {"course_key": grading.course_key(args.key), "allow_unsafe": args.allow_unsafe}
    factory = quizzes.FACTORY if isinstance(assessment, Quiz) else grading.FACTORY
    bench = bench_for(assessment.folder, factory, settings)
    return _grade(bench, call_roll(args.folder, bench.seed), args, args.out or Path("results.jsonl"))


def _into_gradebook(assessment: Assessment | Quiz, args: argparse.Namespace) -> tuple[list[Report], dict[str, str]]:
    from autograder.gradebook.class_grades import grade_collected, load_config  # noqa: PLC0415
    from autograder.gradebook.report_store import results_file  # noqa: PLC0415
    from courseware.grading import course_key  # noqa: PLC0415

    course = assessment.folder.parent
    out = args.out or results_file(course, assessment.slug)
    filled = grade_collected(
        course,
        assessment.slug,
        load_config(course),
        lambda bench, handed, known: _grade(bench, handed, args, out, known),
        key=course_key(args.key) if args.key else "",
        allow_unsafe=args.allow_unsafe,
    )
    return filled.reports, filled.refused


def _grade(
    bench: Bench, handed: Sequence[Handed], args: argparse.Namespace, out: Path, known: Sequence[Report] = ()
) -> list[Report]:
    from autograder.marking.crew import Crew  # noqa: PLC0415
    from autograder.marking.run import grade_class  # noqa: PLC0415

    if args.scheduler:
        from autograder.fleet import Fleet  # noqa: PLC0415

        judges = Fleet(bench, args.scheduler).run
    else:
        judges = Crew(bench, args.workers).run
    return grade_class(bench.assessment, handed, judges, out, known=known, resume=args.resume, progress=_Bar())


class _Bar:
    """Progress on a terminal, on standard error; silent elsewhere."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._before: int | None = None
        self._failed = 0

    def __call__(self, done: int, total: int, report: Report | None) -> None:
        if self._before is None:
            self._before = done
        self._failed += report is not None and report.status == "failed"
        if not sys.stderr.isatty():
            return
        spent = time.monotonic() - self._started
        judged = done - self._before
        left = f", {spent / judged * (total - done):.0f} s left" if judged and done < total else ""
        filled = 30 * done // total
        trouble = f", {self._failed} failed" if self._failed else ""
        line = f"\r[{'█' * filled}{'·' * (30 - filled)}] {done} of {total}{trouble}, {spent:.0f} s{left}\x1b[K"
        sys.stderr.write(line + ("\n" if done == total else ""))
        sys.stderr.flush()
