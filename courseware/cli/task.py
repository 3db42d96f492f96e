"""``./course task``: an assessment or a graded quiz as one learner gets it: the text, the files, or the notebook to hand in."""

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
  ./course task repair-the-role --learner ada --folder ada/repair-the-role        the text and the files to begin with
  ./course task quiz-m1 --learner ada --notebook ada/quiz-m1.ipynb    ada's questions, to be answered and submitted
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course task``."""
    parser.add_argument("assessment", help="the assessment's name, for example image-application or quiz-m1")
    parser.add_argument("--learner", default="", metavar="NAME", help="whose values: the name of the learner's submission")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--notebook", type=Path, metavar="FILE", help="write the notebook to hand in instead of printing the text"
    )
    instead.add_argument(
        "--folder", type=Path, metavar="DIR", help="write the text and the files to begin with instead: DIR/task.md, DIR/starter"
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
    if args.notebook is not None:
        _write(told.sheet(), args.notebook)
    elif args.folder is not None:
        _lay_out(told, args.folder)
    else:
        print(told.text(), end="")
    return 0


@dataclass(frozen=True, slots=True)
class _Told:
    """One learner's task, in either form."""

    text: Callable[[], str]
    sheet: Callable[[], Sheet]


def _of_assessment(name: str, key: str, learner: str) -> _Told:
    from autograder.gradebook.sheet import sheet_of, task_text  # noqa: PLC0415
    from courseware.grading import named_assessment  # noqa: PLC0415
    from courseware.quizzes import quiz_names  # noqa: PLC0415

    assessment = named_assessment(name, quiz_names())
    variant = assessment.variant(bytes.fromhex(key), learner)
    return _Told(lambda: task_text(assessment, variant), lambda: sheet_of(assessment.folder, variant))


def _of_quiz(quiz: Quiz, key: str, learner: str) -> _Told:
    from autograder.gradebook.quiz_sheet import quiz_sheet, quiz_text  # noqa: PLC0415
    from courseware.quizzes import drawn_for  # noqa: PLC0415

    own = drawn_for(quiz, key, learner)
    return _Told(lambda: quiz_text(quiz, own), lambda: quiz_sheet(quiz, own))


def _lay_out(told: _Told, target: Path) -> None:
    """A folder that is there, perhaps with work in it, stays."""
    if target.exists():
        raise LearnerError(f"{target} is there already; remove it first")
    sheet = told.sheet()
    texts = {f"starter/{name}": text for name, text in (sheet.files | sheet.given).items()}
    for name, text in {"task.md": told.text(), **texts}.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, "utf-8")


def _write(sheet: Sheet, target: Path) -> None:
    """The same cells as in the notebook that nbgrader releases; a file that is there, perhaps with answers, stays."""
    import nbformat  # noqa: PLC0415

    from autograder.gradebook.notebook import notebook_of  # noqa: PLC0415

    if target.exists():
        raise LearnerError(f"{target} is there already; remove it first")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(nbformat.writes(notebook_of(sheet)) + "\n", "utf-8")
