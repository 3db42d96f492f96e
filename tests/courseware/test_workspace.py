from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.lab import Lab
from courseware import workspace
from courseware.errors import LearnerError

LAB_MD = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# A lab

```{code-cell} python3
:tags: [step-one]
answer = ...
```
"""


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    folder = tmp_path / "labs" / "demo"
    (folder / "starter" / "src").mkdir(parents=True)
    (folder / "lab.md").write_text(LAB_MD)
    (folder / "starter" / "src" / "app.py").write_text("first = 1\n")
    return Lab("demo", "Demo", "goal", 5, "none", {}, (), folder)


def test_a_lab_is_delivered_as_a_notebook_with_its_tags_and_its_starter_files(lab: Lab) -> None:
    folder = workspace.prepare(lab)
    cells = json.loads((folder / "lab.ipynb").read_text())["cells"]
    assert [cell["metadata"]["tags"] for cell in cells if cell["cell_type"] == "code"] == [["step-one"]]
    assert (folder / "src" / "app.py").read_text() == "first = 1\n"


def test_a_notebook_says_below_its_title_that_all_of_them_share_one_account(lab: Lab) -> None:
    cells = json.loads((workspace.prepare(lab) / "lab.ipynb").read_text())["cells"]
    title, note = ("".join(cell["source"]) for cell in cells[:2])
    assert title == "# A lab"
    assert "**one account**" in note
    assert "Run All Above Selected Cell" in note


def test_a_learners_work_is_never_written_over(lab: Lab) -> None:
    folder = workspace.prepare(lab)
    (folder / "src" / "app.py").write_text("mine = 2\n")
    (lab.folder / "starter" / "src" / "app.py").write_text("second = 1\n")
    workspace.prepare(lab)
    assert (folder / "src" / "app.py").read_text() == "mine = 2\n"


def test_an_untouched_file_follows_the_lab(lab: Lab) -> None:
    folder = workspace.prepare(lab)
    (lab.folder / "starter" / "src" / "app.py").write_text("second = 1\n")
    (lab.folder / "lab.md").write_text(LAB_MD + "\nMore.\n")
    workspace.prepare(lab)
    assert (folder / "src" / "app.py").read_text() == "second = 1\n"
    assert "More." in (folder / "lab.ipynb").read_text()


def test_a_file_that_was_there_before_the_lab_is_left_alone(lab: Lab) -> None:
    own = workspace.work_folder() / "demo" / "lab.ipynb"
    own.parent.mkdir(parents=True)
    own.write_text("{}")
    workspace.prepare(lab)
    assert own.read_text() == "{}"


def test_a_deleted_file_comes_back(lab: Lab) -> None:
    folder = workspace.prepare(lab)
    (folder / "lab.ipynb").unlink()
    assert (workspace.prepare(lab) / "lab.ipynb").exists()


def test_nothing_is_written_when_nothing_changed(lab: Lab) -> None:
    folder = workspace.prepare(lab)
    before = (folder / "lab.ipynb").stat().st_mtime_ns
    workspace.prepare(lab)
    assert (folder / "lab.ipynb").stat().st_mtime_ns == before


def test_a_reset_keeps_the_old_work_each_time(lab: Lab) -> None:
    folder = workspace.prepare(lab)
    (folder / "src" / "app.py").write_text("mine = 2\n")
    first = workspace.reset(lab)
    second = workspace.reset(lab)
    assert first != second
    assert (first / "src" / "app.py").read_text() == "mine = 2\n"
    assert (folder / "src" / "app.py").read_text() == "first = 1\n"


def test_a_lab_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(LearnerError, match="function-url"):
        workspace.lab_named("no-such-lab")
