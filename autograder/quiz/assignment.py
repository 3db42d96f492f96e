"""A graded quiz as data: ``assessments/<slug>/quiz.toml`` says how many questions of which modules a learner is given."""

from __future__ import annotations

import hashlib
import hmac
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import LabError
from autograder.quiz.draw import draw
from autograder.quiz.item import Item
from autograder.quiz.question import Question, asked
from autograder.toml_key import required

FILE = "quiz.toml"
BANK = "quizzes"  # beside the folder of a graded quiz
CRITERION = "quiz"
SHEET_FILE = "answers/sheet.txt"
_QUESTIONS_MAX = 50


@dataclass(frozen=True, slots=True)
class Quiz:
    """``points`` are those of each question."""

    slug: str
    title: str
    modules: tuple[str, ...]
    questions: int
    points: float
    folder: Path


@dataclass(frozen=True, slots=True)
class Drawn:
    """A learner's questions. ``owner`` and ``content`` make the sheet's code: for whom it was drawn, and what it asks."""

    questions: tuple[Question, ...]
    owner: str
    content: str

    @property
    def code(self) -> str:
        return f"{self.owner}-{self.content}"


def is_quiz(folder: Path) -> bool:
    return (folder / FILE).is_file()


def load_quiz(folder: Path) -> Quiz:
    """LabError names the key that is wrong."""
    path = folder / FILE
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise LabError(f"{path}: {error}") from error
    count, points = required(document, "questions", int, path), document.get("points")
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        raise LabError(f"{path}: a question is worth a number of points above 0")
    if not 1 <= count <= _QUESTIONS_MAX:
        raise LabError(f"{path}: a quiz has 1 to {_QUESTIONS_MAX} questions, not {count}")
    modules = tuple(str(name) for name in required(document, "modules", list, path))
    return Quiz(folder.name, required(document, "title", str, path), modules, count, points, folder)


def find_quizzes(root: Path) -> list[Quiz]:
    """Every graded quiz below ``root``, by slug."""
    return [load_quiz(path.parent) for path in sorted(root.glob(f"*/{FILE}"))]


def answer_file(number: int) -> str:
    """Where the answer to the question of this number is handed in."""
    return f"answers/{number:02}.txt"


def drawn(quiz: Quiz, bank: Iterable[Item], course_key: bytes, learner: str) -> Drawn:
    """The questions of this learner, drawn by HMAC from the course's key; without a key or a learner, everybody's.

    LabError when the bank has fewer than the quiz asks for.
    """
    who = f"{quiz.slug}/{learner}" if course_key and learner else quiz.slug
    try:
        items = draw((item for item in bank if item.module in quiz.modules), quiz.questions, _word(course_key, who))
    except ValueError as error:
        raise LabError(f"{quiz.folder / FILE}: {error}") from error
    questions = tuple(asked(item, number, _word(course_key, f"{who}/{item.id}")) for number, item in enumerate(items, 1))
    content = hashlib.sha256("\0".join(question.text for question in questions).encode()).hexdigest()
    return Drawn(questions, _word(course_key, f"{who}/sheet")[:8], content[:8])


def _word(course_key: bytes, what: str) -> str:
    return hmac.digest(course_key, what.encode(), hashlib.sha256).hex()
