"""Graded quizzes of this course: the bank with what its code prints, a learner's draw, and the judge of answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder import intake
from autograder.curriculum import load_curriculum
from autograder.errors import ContentError, GraderFault, SubmissionError
from autograder.quiz import Item, load_items
from autograder.quiz.assignment import Drawn, Quiz, drawn, find_quizzes, load_quiz
from autograder.quiz.grade import graded, nothing_readable
from autograder.report import Report
from courseware.place import course_root

FACTORY = "courseware.quizzes:open_judge"


@contextmanager
def open_judge(*, assessment: str, course_key: str = "", allow_unsafe: bool = False) -> Iterator[Callable[[Path, str], Report]]:  # noqa: ARG001
    """As ``courseware.grading.open_judge``; nothing of a submission is run, so it needs no isolation."""
    quiz, key = load_quiz(Path(assessment)), bytes.fromhex(course_key)
    root = quiz.folder.parent.parent
    curriculum = load_curriculum(root)
    try:
        bank = bank_of(quiz)
    except ContentError as error:
        raise GraderFault(str(error)) from error

    def judge(folder: Path, learner: str) -> Report:
        try:
            tree = intake.take(folder)
        except SubmissionError as error:
            return nothing_readable(quiz, learner, str(error))
        # A folder that holds nothing but answers/ is taken for one that zipping made; its names come without the front.
        files = {f"answers/{Path(name).name}": data.decode("utf-8", "replace") for name, data in tree.files.items()}
        return graded(quiz, drawn(quiz, bank, key, learner), files, learner, curriculum)

    yield judge


def bank_of(quiz: Quiz) -> list[Item]:
    """The items a quiz may draw, predictions with what their code prints. ContentError: that code fails."""
    root = quiz.folder.parent.parent
    items = [item for item in load_items(root, load_curriculum(root)) if item.module in quiz.modules]
    if not any(item.type == "predict" for item in items):
        return items
    # Imported here: the book's room comes with Sphinx, which takes as long as all the rest.
    from courseware.sphinx_ext.predictions import with_outputs  # noqa: PLC0415
    from courseware.sphinx_ext.recorder import RecordingError  # noqa: PLC0415

    try:
        return with_outputs(items, course_root() / "book" / "_build" / "live-outcomes")
    except (RecordingError, ValueError) as error:
        raise ContentError(str(error)) from error


def drawn_for(quiz: Quiz, key: str, learner: str) -> Drawn:
    """``key`` in hex. What the learner is given to answer, and graded by."""
    return drawn(quiz, bank_of(quiz), bytes.fromhex(key), learner)


def named_quiz(name: str) -> Quiz | None:
    """By its name in ``assessments/`` or the path of its folder; None: there is no quiz of that name."""
    if "/" in name:
        return load_quiz(Path(name)) if (Path(name) / "quiz.toml").is_file() else None
    return next((quiz for quiz in find_quizzes(course_root() / "assessments") if quiz.slug == name), None)


def quiz_names() -> list[str]:
    """Every graded quiz in ``assessments/``."""
    return [quiz.slug for quiz in find_quizzes(course_root() / "assessments")]
