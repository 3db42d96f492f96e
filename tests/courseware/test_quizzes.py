"""A graded quiz from the learner's sheet to feedback, with nbgrader itself."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder.gradebook.class_grades import grade_collected
from autograder.gradebook.settings import configure, database_url
from autograder.marking.job import Bench, bench_for
from autograder.marking.roll import Handed
from autograder.quiz.assignment import load_quiz
from autograder.report import Report
from courseware import quizzes
from courseware.cli import main as entry
from tests.autograder.quiz.right_answers import right_answer

ROOT = Path(__file__).parents[2]
SLUG = "quiz-small"
KEY = "00ff" * 8


@pytest.fixture(autouse=True)
def _old_sqlalchemy() -> Iterator[None]:
    """nbgrader 0.9.6 was written for SQLAlchemy 1; 2.1 warns of what it does, and it works."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Object of type", SAWarning)
        yield


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one quiz: the course's own items of module 2 but for those whose code has to be run."""
    folder = tmp_path / "assessments"
    (folder / "quizzes").mkdir(parents=True)
    (folder / SLUG).mkdir()
    (tmp_path / "book").mkdir()
    shutil.copy(ROOT / "book" / "curriculum.toml", tmp_path / "book")
    items = (ROOT / "assessments" / "quizzes" / "m2.yaml").read_text().split("\n- id:")
    (folder / "quizzes" / "m2.yaml").write_text("\n- id:".join(item for item in items if "type: predict" not in item))
    (folder / SLUG / "quiz.toml").write_text('title = "Small"\nmodules = ["m2"]\nquestions = 4\npoints = 2.5\n')
    (folder / "course.key").write_text(KEY)
    return folder


@pytest.fixture
def settings(course: Path) -> Config:
    config = Config()
    configure(config, course)
    config.TakeReport.quiz_judge = quizzes.FACTORY
    return config


@pytest.fixture
def sheet(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The notebook that `./course task` writes for a learner."""
    monkeypatch.setattr(entry.signal, "signal", lambda *_: None)

    def make(learner: str) -> dict[str, Any]:
        path = tmp_path / learner / f"{SLUG}.ipynb"
        command = ["task", str(course / SLUG), "--learner", learner, "--key", str(course / "course.key")]
        assert entry.main([*command, "--notebook", str(path)]) == 0
        assert entry.main([*command, "--notebook", str(path)]) == 2  # never over a learner's answers
        return dict(json.loads(path.read_text()))

    return make


def answered(course: Path, learner: str, notebook: dict[str, Any], wrong: int = 0) -> dict[str, Any]:
    """Right answers in every cell but the first few."""
    own = quizzes.drawn_for(load_quiz(course / SLUG), KEY, learner)
    for one in own.questions[wrong:]:
        cell_of(notebook, one.number)["source"] = f"%%writefile answers/{one.number:02}.txt\n{right_answer(one)}"
    return notebook


def cell_of(notebook: dict[str, Any], number: int) -> dict[str, Any]:
    wanted = f"file-answers-{number:02}-txt"
    return next(cell for cell in notebook["cells"] if cell["metadata"]["nbgrader"]["grade_id"] == wanted)


def submit(course: Path, learner: str, notebook: dict[str, Any] | bytes) -> None:
    folder = course / "submitted" / learner / SLUG
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{SLUG}.ipynb").write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())


def in_process(bench: Bench, handed: Sequence[Handed], known: Sequence[Report]) -> list[Report]:
    with quizzes.open_judge(assessment=bench.settings["assessment"], course_key=bench.settings["course_key"]) as judge:
        from autograder.marking.job import judged

        return [*known, *(judged(judge, bench, one.name, one.folder, one.digest) for one in handed)]


def test_a_sheet_is_drawn_answered_submitted_graded_and_explained(course: Path, settings: Config, sheet: Any) -> None:
    api = NbGraderAPI(CourseDirectory(config=settings), config=settings)
    assert api.generate_assignment(SLUG)["success"]
    ada = sheet("ada")
    assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in ada["cells"]] == [
        cell["metadata"]["nbgrader"]["grade_id"]
        for cell in json.loads((course / "release" / SLUG / f"{SLUG}.ipynb").read_text())["cells"]
    ]
    submit(course, "ada", answered(course, "ada", ada))
    submit(course, "thief", answered(course, "ada", sheet("ada2") | {"cells": ada["cells"]}))
    messy = answered(course, "mary", sheet("mary"), wrong=1)
    messy["cells"] += [json.loads(json.dumps(cell_of(messy, 2)))]
    messy["cells"].remove(cell_of(messy, 1))
    for cell in messy["cells"]:
        cell["metadata"]["nbgrader"]["points"] = 1000
    cell_of(messy, 3)["cell_type"] = "raw"
    messy["cells"][0]["source"] = "<script>alert(1)</script>"
    submit(course, "mary", messy)
    submit(course, "zoe", b"{")

    filled = grade_collected(course, SLUG, settings, in_process)
    assert not filled.refused
    assert scores(course) == {"ada": 10, "thief": 0, "mary": 7.5, "zoe": 0}
    stored = (course / "reports" / SLUG / "mary.json").read_text()
    assert api.autograde(SLUG, "mary", force=True)["success"]  # again, by the button in formgrader
    assert (course / "reports" / SLUG / "mary.json").read_text() == stored
    assert scores(course) == {"ada": 10, "thief": 0, "mary": 7.5, "zoe": 0}

    told = feedback(api, course, "mary")
    assert "7.5 of 10 points" in told
    assert "You gave no answer." in told
    assert "The cell of answers/01.txt was missing" in told
    assert "was there 2 times" in told
    assert "<script>" not in told
    assert "was not drawn for thief" in feedback(api, course, "thief")


def scores(course: Path) -> dict[str, float]:
    with Gradebook(database_url(course)) as book:
        found = book.find_assignment(SLUG).submissions
        return {one.student.id: one.score for one in found}


def feedback(api: NbGraderAPI, course: Path, learner: str) -> str:
    assert api.generate_feedback(SLUG, learner, force=True)["success"]
    return (course / "feedback" / learner / SLUG / f"{SLUG}.html").read_text()


def test_nothing_that_a_learner_gets_holds_an_explanation_or_says_what_is_right(course: Path, sheet: Any) -> None:
    notebook = json.dumps(sheet("ada"), ensure_ascii=False)
    for one in quizzes.drawn_for(load_quiz(course / SLUG), KEY, "ada").questions:
        body = one.item.body
        rows = getattr(body, "choices", getattr(body, "steps", getattr(body, "pairs", (body,))))
        assert not [row.why for row in rows if json.dumps(row.why, ensure_ascii=False)[1:40] in notebook]
        assert one.item.id not in notebook
    assert "correct" not in {key for cell in json.loads(notebook)["cells"] for key in cell["metadata"]}


def test_a_changed_bank_makes_grades_stale(course: Path) -> None:
    before = bench_for(course / SLUG, quizzes.FACTORY, {}).seed
    with (course / "quizzes" / "m2.yaml").open("a") as file:
        file.write("\n")
    assert bench_for(course / SLUG, quizzes.FACTORY, {}).seed != before


def test_folders_of_answers_and_of_notebooks_are_graded_too(course: Path, sheet: Any, tmp_path: Path) -> None:
    own = quizzes.drawn_for(load_quiz(course / SLUG), KEY, "ada")
    (tmp_path / "class" / "ada" / "answers").mkdir(parents=True)
    (tmp_path / "class" / "mary").mkdir()
    (tmp_path / "class" / "zoe").mkdir()
    for one in own.questions:
        (tmp_path / "class" / "ada" / "answers" / f"{one.number:02}.txt").write_text(right_answer(one))
    notebook = answered(course, "mary", sheet("mary"), wrong=2)
    (tmp_path / "class" / "mary" / f"{SLUG}.ipynb").write_text(json.dumps(notebook))
    with quizzes.open_judge(assessment=str(course / SLUG), course_key=KEY) as judge:
        found = {name: judge(tmp_path / "class" / name, name).score for name in ("ada", "mary", "zoe")}
    assert found == {"ada": 10, "mary": 5, "zoe": 0}
