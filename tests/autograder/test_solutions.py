"""A solution is a folder of files, or what it changes of the starter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assessment import Assessment
from autograder.errors import LabError
from autograder.solutions import find_solutions, solution

ASSESSMENT = Assessment("a", "A", (), {}, {}, (), (), Path())
EDIT = '[[edit]]\nfile = "template.yaml"\nfind = "INSERT"\nreplace = "MODIFY"\n'


@pytest.fixture
def assessment(tmp_path: Path) -> Assessment:
    texts = {
        "starter/template.yaml": "On: INSERT\n",
        "starter/src/app.py": "x = 1\n",
        "starter/evidence/app.log": "it failed\n",
        "solutions/mended/solution.toml": EDIT,
        "solutions/mended/src/more.py": "y = 1\n",
        "solutions/whole/template.yaml": "Resources: {}\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return replace(ASSESSMENT, folder=tmp_path)


def test_one_that_mends_the_starter_is_its_edits_and_what_lies_beside_them(assessment: Assessment) -> None:
    found = find_solutions(assessment)
    assert list(found) == ["mended", "whole"]
    assert found["mended"].files == {"src/app.py": b"x = 1\n", "src/more.py": b"y = 1\n", "template.yaml": b"On: MODIFY\n"}
    assert found["whole"].files == {"template.yaml": b"Resources: {}\n"}


@pytest.mark.parametrize(("text", "says"), [("edit = [", "solution.toml"), (EDIT.replace("INSERT", "DELETE"), "occurs 0 times")])
def test_changes_that_do_not_fit_are_named(assessment: Assessment, text: str, says: str) -> None:
    (assessment.folder / "solutions/mended/solution.toml").write_text(text)
    with pytest.raises(LabError, match=says):
        solution(assessment, "mended")
