"""``./course task``: an assessment or a graded quiz as one learner gets it, as a text or as the notebook to hand in."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import LearnerError
from courseware.place import course_root

if TYPE_CHECKING:
    from autograder.gradebook.form import Sheet
    from autograder.quiz.assignment import Quiz

EXAMPLES = """examples:
  ./course task image-application                                 with the values everybody has who grades without a key
  ./course task image-application --learner ada                   with ada's values, drawn with assessments/course.key
  ./course task quiz-m1 --learner ada --notebook ada/quiz-m1.ipynb    ada's questions, to be answered and submitted
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course task``."""
    parser.add_argument("assessment", help="the assessment's name, for example image-application or quiz-m1")
    parser.add_argument("--learner", default="", metavar="NAME", help="whose values: the name of the learner's submission")
    parser.add_argument(
        "--notebook", type=Path, metavar="FILE", help="write the notebook to hand in instead of printing the text"
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="the course's key in hex (default: assessments/course.key)")


def run(args: argparse.Namespace) -> int:
    """Needs the key to draw a learner's values."""
    # Imported here: nbgrader's room, and the book's, which --help need not wait for.
    from courseware.grading import course_key  # noqa: PLC0415
    from courseware.quizzes import named_quiz  # noqa: PLC0415

    key = course_key(args.key)
    if args.learner and not key:
        raise LearnerError(f"without {course_root() / 'assessments' / 'course.key'} or --key everybody has the same values")
    quiz = named_quiz(args.assessment)
    told = _of_quiz(quiz, key, args.learner) if quiz else _of_assessment(args.assessment, key, args.learner)
    if args.notebook is None:
        print(told.text(), end="")
    else:
        _write(told.sheet(), args.notebook)
    return 0


@dataclass(frozen=True, slots=True)
class _Told:
    """One learner's task, in either form."""

    text: Callable[[], str]
    sheet: Callable[[], Sheet]


def _of_assessment(name: str, key: str, learner: str) -> _Told:
    from autograder.gradebook.sheet import sheet_of, task_text  # noqa: PLC0415
    from courseware.grading import named_assessment  # noqa: PLC0415

    assessment = named_assessment(name)
    variant = assessment.variant(bytes.fromhex(key), learner)
    return _Told(lambda: task_text(assessment, variant), lambda: sheet_of(assessment.folder, variant))


def _of_quiz(quiz: Quiz, key: str, learner: str) -> _Told:
    from autograder.gradebook.quiz_sheet import quiz_sheet, quiz_text  # noqa: PLC0415
    from courseware.quizzes import drawn_for  # noqa: PLC0415

    own = drawn_for(quiz, key, learner)
    return _Told(lambda: quiz_text(quiz, own), lambda: quiz_sheet(quiz, own))


def _write(sheet: Sheet, target: Path) -> None:
    """The same cells as in the notebook that nbgrader releases; a file that is there, perhaps with answers, stays."""
    import nbformat  # noqa: PLC0415

    from autograder.gradebook.notebook import notebook_of  # noqa: PLC0415

    if target.exists():
        raise LearnerError(f"{target} is there already; remove it first")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(nbformat.writes(notebook_of(sheet)) + "\n", "utf-8")
