"""A faulty twin is a solution with an edit that must still fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assessment import Assessment
from autograder.errors import LabError
from autograder.twins import find_twins

ASSESSMENT = Assessment("a", "A", (), {}, {}, (), (), Path())


def lay_out(folder: Path, expect: str) -> Assessment:
    (folder / "solutions/plain/src").mkdir(parents=True)
    (folder / "solutions/plain/src/app.py").write_text("x = 1\ny = 1\n")
    (folder / "faulty/wrong").mkdir(parents=True)
    (folder / "faulty/wrong/expect.toml").write_text(expect)
    return replace(ASSESSMENT, folder=folder)


HEAD = 'base = "plain"\nloses = ["keys"]\n[[edit]]\nfile = "src/app.py"\n'


def test_an_edit_is_made_in_a_copy(tmp_path: Path) -> None:
    (twin,) = find_twins(lay_out(tmp_path, HEAD + 'find = "x = 1"\nreplace = "x = 2"\n'))
    assert (twin.name, twin.base, twin.loses) == ("wrong", "plain", {"keys"})
    assert twin.tree.files == {"src/app.py": b"x = 2\ny = 1\n"}


def test_files_beside_it_replace_whole_ones(tmp_path: Path) -> None:
    assessment = lay_out(tmp_path, 'base = "plain"\nloses = ["keys"]\n')
    (tmp_path / "faulty/wrong/template.yaml").write_text("Resources: {}\n")
    assert sorted(find_twins(assessment)[0].tree.files) == ["src/app.py", "template.yaml"]


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        (HEAD + 'find = "z"\nreplace = ""\n', "occurs 0 times"),
        (HEAD + 'find = " = 1"\nreplace = ""\n', "occurs 2 times"),
        ('base = "plain"\n', "needs base and loses"),
    ],
)
def test_an_edit_that_does_not_fit_is_named(tmp_path: Path, expect: str, says: str) -> None:
    with pytest.raises(LabError, match=says):
        find_twins(lay_out(tmp_path, expect))
