"""The whole way, from release to feedback in the learner's hands, with nbgrader's own commands."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SLUG = "thumbnails"
HERE = Path(__file__).parent
ROOT = HERE.parents[2]
CONFIG = """
from pathlib import Path
from autograder.gradebook.settings import configure

c = get_config()
configure(c, Path(__file__).resolve().parent)
c.TakeReport.judge = "reading_judge:open_judge"
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
"""


@pytest.fixture
def nbgrader(course: Path, tmp_path: Path) -> Any:
    for name in ("exchange", "cache", "learner"):
        (tmp_path / name).mkdir(mode=0o777)
        (tmp_path / name).chmod(0o777)
    config = CONFIG.format(exchange=str(tmp_path / "exchange"), cache=str(tmp_path / "cache"))
    (course / "nbgrader_config.py").write_text(config)
    learner_config = config.replace(
        "configure(c, Path(__file__).resolve().parent)", 'c.CourseDirectory.course_id = "lambda-course"'
    )
    (tmp_path / "learner" / "nbgrader_config.py").write_text(learner_config)
    settings = {"JUPYTER_CONFIG_DIR": str(tmp_path / "none"), "PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE)])}
    environment = os.environ | settings | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    def run(*commands: tuple[Path, str]) -> str:
        listed = json.dumps([[str(folder), *command.split()] for folder, command in commands])
        script = [sys.executable, str(HERE / "stock_commands.py")]
        done = subprocess.run(script, input=listed, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stderr

    return run


def put_by_hand(inbound: Path, course: Path) -> None:
    """What a learner may put into the exchange without ``nbgrader submit``."""
    others = course / "submitted" / "bob" / SLUG
    when = "2026-11-01 12:00:00 UTC"
    (inbound / f"whole-link+{SLUG}+{when}").symlink_to(others)
    for name in ("link", "pipe", "no\u202ename"):
        (inbound / f"{name}+{SLUG}+{when}").mkdir()
    (inbound / f"link+{SLUG}+{when}" / f"{SLUG}.ipynb").symlink_to(others / f"{SLUG}.ipynb")
    (inbound / f"pipe+{SLUG}+{when}" / "note.txt").write_text("beside it")
    os.mkfifo(inbound / f"pipe+{SLUG}+{when}" / f"{SLUG}.ipynb")
    (inbound / f"late+{SLUG}+yesterday").mkdir()  # nbgrader ends here


def test_release_fetch_submit_collect_grade_feedback_and_export(
    nbgrader: Any, course: Path, tmp_path: Path, cell: Any, solved: Any, submit: Any
) -> None:
    learner = tmp_path / "learner"
    submit("aaron", b"{")  # each of these two stops stock nbgrader before it comes to the others
    twice = solved("# points: 5")
    twice["cells"] += twice["cells"]
    submit("bob", twice)
    for name in ("aaron", "bob"):  # what `nbgrader submit` leaves, and release_feedback asks for
        (course / "submitted" / name / SLUG / "submission_secret.txt").write_text(f"secret of {name}")
    nbgrader(
        (course, f"generate_assignment {SLUG} --force"),
        (course, f"release_assignment {SLUG}"),
        (learner, f"fetch_assignment {SLUG}"),
    )
    path = learner / SLUG / f"{SLUG}.ipynb"
    notebook = json.loads(path.read_text())
    cell(notebook, "file-src-app-py")["source"] = "%%writefile src/app.py\n# points: 7"
    path.write_text(json.dumps(notebook))
    put_by_hand(tmp_path / "exchange" / "lambda-course" / "inbound", course)
    said = nbgrader(
        (learner, f"submit {SLUG}"),
        (course, f"collect {SLUG}"),
        (course, f"autograde {SLUG}"),
        (course, f"generate_feedback {SLUG}"),
        (course, f"release_feedback {SLUG}"),
        (learner, f"fetch_feedback {SLUG}"),
        (course, "export --to grades.csv"),
        (course, "export --to canvas.csv --SafeCsv.format=canvas"),
    )
    assert said.count("Not collected, its name is no submission's") == 2
    added = ["submission_secret.txt", f"{SLUG}.ipynb", "timestamp.txt"]
    assert sorted(path.name for path in (course / "submitted" / "whole-link" / SLUG).iterdir()) == added
    assert sorted(path.name for path in (course / "submitted" / "pipe" / SLUG).iterdir()) == ["note.txt", *added]
    assert (course / "quarantine" / f"link%2f{SLUG}%2f{SLUG}.ipynb").is_symlink(), "and what it leads to was not copied"
    feedback = next(learner.glob(f"{SLUG}/feedback/*/{SLUG}.html")).read_text()
    assert "7 of 19 points" in feedback
    assert "Read about S3 events." in feedback
    with (course / "grades.csv").open(newline="") as file:
        marks = {row["student_id"]: (row["score"], row["max_score"]) for row in csv.DictReader(file)}
    assert [marks.pop(name) for name in ("link", "pipe", "whole-link")] == [("0.0", "19.0")] * 3
    assert [marks.pop("aaron"), marks.pop("bob"), *marks.values()] == [("0.0", "19.0"), ("5.0", "19.0"), ("7.0", "19.0")]
    assert "Points Possible" in (course / "canvas.csv").read_text()
