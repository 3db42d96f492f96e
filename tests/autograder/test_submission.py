"""A learner's folder is data: what is read, what is refused, and with which words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.lab import Lab, load_lab
from autograder.submission import FILE_BYTES_MAX, cells_of_ipynb, cells_of_myst, read_submission

LABS = Path(__file__).parents[2] / "labs"


@pytest.fixture
def lab() -> Lab:
    return load_lab(LABS / "function-url")


def notebook(*cells: tuple[str, list[str]]) -> str:
    rows = [{"cell_type": "code", "source": [code], "metadata": {"tags": tags}, "outputs": []} for code, tags in cells]
    return json.dumps({"cells": rows, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_myst_cell_is_its_code_without_options() -> None:
    cells = cells_of_myst(
        "text\n\n```{code-cell} python\n:tags: [setup, step-one]\n:other: x\nprint(1)\n```\n\n```python\nno()\n```\n"
    )
    assert [(cell.tags, cell.code) for cell in cells] == [(("setup", "step-one"), "print(1)")]


def test_a_notebook_gives_its_code_cells_and_ignores_outputs() -> None:
    assert [(cell.tags, cell.code) for cell in cells_of_ipynb(notebook(("x = 1", ["step-role"])))] == [(("step-role",), "x = 1")]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', '{"cells": [{}]}', "[" * 100_000])
def test_a_broken_notebook_is_named_and_the_fix_with_it(text: str) -> None:
    with pytest.raises(SubmissionError, match="save it again"):
        cells_of_ipynb(text)


def test_a_file_of_the_step_wins_over_the_notebook(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "lab.ipynb").write_text(notebook(("from_notebook", ["step-role"]), ("also", ["step-json-response"])))
    (tmp_path / "role.py").write_text("from_file")
    steps = read_submission(lab, tmp_path).steps
    assert (steps["role"], steps["json-response"], steps["url"]) == ("from_file", "also", "")


def test_setup_comes_from_the_lab_when_the_folder_holds_only_steps(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "json_response.py").write_text("pass")
    submission = read_submission(lab, tmp_path)
    assert "def package(source)" in submission.setup
    assert submission.steps["json-response"] == "pass"


def test_an_empty_folder_says_what_it_expected(lab: Lab, tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match=r"expected lab\.ipynb, lab\.md or files such as role\.py"):
        read_submission(lab, tmp_path)


def test_a_missing_folder_names_the_option(lab: Lab, tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="--path"):
        read_submission(lab, tmp_path / "none")


def test_a_link_is_not_followed(lab: Lab, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("theirs")
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "role.py").symlink_to(secret)
    with pytest.raises(SubmissionError, match="is a link"):
        read_submission(lab, folder)


def test_an_oversized_file_is_refused_before_it_is_read(lab: Lab, tmp_path: Path) -> None:
    with (tmp_path / "lab.ipynb").open("wb") as file:
        file.truncate(FILE_BYTES_MAX + 1)
    with pytest.raises(SubmissionError, match="larger than"):
        read_submission(lab, tmp_path)


def test_text_that_is_not_utf8_is_refused(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "role.py").write_bytes(b"\xff\xfe")
    with pytest.raises(SubmissionError, match="not UTF-8"):
        read_submission(lab, tmp_path)
