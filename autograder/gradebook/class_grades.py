"""Grade everything that was collected, in parallel, then fill the gradebook: one writer, one learner after the other."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from autograder.errors import SubmissionError
from autograder.gradebook import report_store
from autograder.gradebook.intake import rebuilt
from autograder.gradebook.notebook import files_of
from autograder.gradebook.quarantine import is_learner, set_aside
from autograder.gradebook.sheet import sheet_of
from autograder.gradebook.take_report import course_bench, judge_of, unreadable, void_manual_scores, written
from autograder.marking.job import Bench, failed
from autograder.marking.roll import Handed, call_roll, tree_digest
from autograder.report import Report

Grade = Callable[[Bench, Sequence[Handed], Sequence[Report]], list[Report]]


@dataclass(frozen=True, slots=True)
class Filled:
    """``reports`` of everybody who is in ``submitted/``, by learner; and for each learner the gradebook could not take the
    reason.
    """

    reports: list[Report]
    refused: dict[str, str]


def load_config(course: Path) -> Config:
    """The settings in ``nbgrader_config.py``, as nbgrader itself would load them."""
    return PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()


def grade_collected(
    course: Path, slug: str, config: Config, grade: Grade, *, key: str = "", allow_unsafe: bool = False
) -> Filled:
    """``grade`` judges folders of files, and is given the reports of those whom no judge needs to see (a notebook that nobody
    can read, a submission that was set aside); what comes back goes into the gradebook under nbgrader's own hands.

    ``key`` is the course's key in hex, if another one than ``course.key`` is to be used.
    SubmissionError when nothing was collected, or another writer is at the gradebook.
    """
    submissions = collected(course, slug)
    config.TakeReport.allow_unsafe = allow_unsafe
    config.TakeReport.retry_failed = False
    config.TakeReport.course_key = key  # the same bench, or the step below would take every report for a stale one
    judge = judge_of(course / slug, config.TakeReport.judge, config.TakeReport.get("quiz_judge", ""))
    bench = course_bench(course, slug, judge, key=key, allow_unsafe=allow_unsafe)
    with _only_writer(course), tempfile.TemporaryDirectory(prefix="collected-") as place:
        known = list(_unpack(course, slug, bench, submissions, Path(place)))
        handed = call_roll(Path(place), bench.seed) if any(Path(place).iterdir()) else []
        reports = grade(bench, handed, known)
        for report in (one for one in reports if is_learner(one.submission)):
            before = report_store.stored(course, slug, report.submission)
            if before is not None and before.digest != report.digest:  # the step below finds the new report, and no trace of this
                void_manual_scores(course, str(config.CourseDirectory.db_url), slug, before)
            report_store.store(course, report)
        refused = {report.submission: report.reason for report in known if report.status == "failed"}
        refused |= dict(_fill(course, slug, config))
    return Filled(sorted(reports, key=lambda report: report.submission), refused)


def collected(course: Path, slug: str) -> list[Path]:
    """A folder (or whatever else lies there) a learner. SubmissionError when there is none."""
    found = sorted((course / "submitted").glob(f"*/{slug}"))
    if not found:
        raise SubmissionError(f"nothing was collected for {slug}: `nbgrader collect {slug}` fills {course / 'submitted'}")
    return found


def _unpack(course: Path, slug: str, bench: Bench, submissions: Sequence[Path], place: Path) -> Iterator[Report]:
    """A folder of files for each notebook that can be read, and a report of each of the others."""
    ours = nbformat.read(course / "source" / slug / f"{slug}.ipynb", as_version=4)
    sheet = sheet_of(course / slug)
    for submission in submissions:
        learner = submission.parent.name
        set_aside(course, submission)
        if not submission.is_dir():
            reason = "it is no folder, or its name is no learner's id: it was moved to quarantine/, for a person to look at"
            yield failed(bench, learner, "", reason)
            continue
        notebook = rebuilt(ours, submission / f"{slug}.ipynb")
        with written(files_of(notebook)) as folder:
            if why := notebook.metadata.course.unreadable:
                yield unreadable(sheet, learner, tree_digest(folder, bench.seed + why), why)
            else:
                shutil.copytree(folder, place / learner)


def _fill(course: Path, slug: str, config: Config) -> Iterator[tuple[str, str]]:
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    for submission in sorted((course / "submitted").glob(f"*/{slug}")):
        learner = submission.parent.name
        answer = api.autograde(slug, learner, force=True, create=True)
        if not answer["success"]:
            report = report_store.stored(course, slug, learner)
            why = report.reason if report is not None and report.status == "failed" else ""
            yield learner, why or str(answer.get("log") or answer.get("error") or "nbgrader said nothing")


@contextlib.contextmanager
def _only_writer(course: Path) -> Iterator[None]:
    with (course / ".gradebook.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SubmissionError("another run is filling this gradebook; wait for it") from None
        yield
