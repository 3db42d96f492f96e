"""A small course: one assessment of two criteria and a rubric, judged by the text of one of its files."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.gradebook.settings import configure, database_url, let_rows_be_added_late

HERE = Path(__file__).parent
SLUG = "thumbnails"

ASSESSMENT = """
title = "Small images"
outputs = ["BucketName"]

[parameters]
Stage = "exam"

[variant.side]
default = 256
values = [192, 256]

[[criteria]]
name = "function"
title = "It makes thumbnails"
points = 10

[[criteria]]
name = "monitoring"
title = "An operator sees"
points = 5
"""

RUBRIC = """
[[item]]
id = "design"
title = "Design notes"
points = 4
levels = [{ points = 4, text = "The decisions are said, each with its reason." }, { points = 0, text = "Nothing." }]
"""

FILES = {
    "assessment.toml": ASSESSMENT,
    "rubric.toml": RUBRIC,
    "README.md": "# Small images\n\nMake a thumbnail of *every* image, {side} pixels {wide}.\n",
    "starter/template.yaml": "Resources: {}\n",
    "starter/src/app.py": "# points: 0\n",
    "starter/README.md": "Why?\n",
    "starter/evidence/app.log": "START\n",
}


@pytest.fixture(autouse=True)
def old_sqlalchemy() -> Iterator[None]:
    """What loading ``nbgrader_config.py`` sets for a process; pytest forgets it between a fixture and its test."""
    with warnings.catch_warnings():
        let_rows_be_added_late()
        yield


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with its assignment generated, made once: a new database starts ``alembic``, which takes seconds."""
    folder = tmp_path_factory.mktemp("course")
    for name, text in FILES.items():
        path = folder / SLUG / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"))
    config = Config()
    configure(config, folder)
    answer = NbGraderAPI(CourseDirectory(config=config), config=config).generate_assignment(SLUG)
    assert answer["success"], answer
    return folder


@pytest.fixture
def course(generated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(HERE))
    return Path(shutil.copytree(generated, tmp_path / "course"))


@pytest.fixture
def settings(course: Path) -> Config:
    config = Config()
    configure(config, course)
    config.TakeReport.judge = "reading_judge:open_judge"
    return config


@pytest.fixture
def api(settings: Config) -> NbGraderAPI:
    """nbgrader as its pages use it, in this process."""
    return NbGraderAPI(CourseDirectory(config=settings), config=settings)


@pytest.fixture
def autograde(api: NbGraderAPI) -> Callable[[str], bool]:
    """What the button in formgrader does; says whether nbgrader calls it a success."""
    return lambda learner: bool(api.autograde(SLUG, learner, force=True, create=True)["success"])


@pytest.fixture
def released(course: Path) -> Callable[[], dict[str, Any]]:
    """The notebook as a learner gets it."""
    return lambda: json.loads((course / "release" / SLUG / f"{SLUG}.ipynb").read_text())


@pytest.fixture
def cell() -> Callable[[dict[str, Any], str], dict[str, Any]]:
    """The cell of a notebook with this id."""
    return lambda notebook, grade_id: next(
        one for one in notebook["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )


@pytest.fixture
def solved(released: Callable[[], dict[str, Any]], cell: Any) -> Callable[[str], dict[str, Any]]:
    """The notebook with this text in the cell of src/app.py."""

    def fill(code: str) -> dict[str, Any]:
        notebook = released()
        cell(notebook, "file-src-app-py")["source"] = f"%%writefile src/app.py\n{code}\n"
        return notebook

    return fill


@pytest.fixture
def submit(course: Path) -> Callable[..., Path]:
    """Put a notebook (or bytes that are none) where nbgrader collects."""

    def put(learner: str, notebook: dict[str, Any] | bytes, when: str = "2026-11-01 12:00:00 UTC") -> Path:
        folder = course / "submitted" / learner / SLUG
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        content = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        (folder / f"{SLUG}.ipynb").write_bytes(content)
        (folder / "timestamp.txt").write_text(when)
        return folder

    return put


Scores = dict[str, tuple[float | None, float | None, bool]]


@pytest.fixture
def scores(course: Path) -> Callable[[str], Scores]:
    """(automatic, manual, needs a person) of each cell worth points."""

    def read(learner: str) -> Scores:
        with Gradebook(database_url(course)) as book:
            notebook = book.find_submission_notebook(SLUG, SLUG, learner)
            return {grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade) for grade in notebook.grades}

    return read
