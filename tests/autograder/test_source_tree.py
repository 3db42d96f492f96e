"""A submission is read as data: bounded, nothing followed, nothing executed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder import source_tree
from autograder.errors import SubmissionError
from autograder.source_tree import read_tree, tree_of


def test_the_same_files_have_the_same_digest_wherever_they_lie(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "src" / "app.py").write_text("x = 1\n")
    assert read_tree(tmp_path / "a") == read_tree(tmp_path / "b")
    assert tree_of({"ab": b"c"}).digest != tree_of({"a": b"bc"}).digest


def test_a_link_is_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").symlink_to("/etc/passwd")
    with pytest.raises(SubmissionError, match=r"src/app\.py"):
        read_tree(tmp_path)


def test_a_link_to_a_folder_is_not_walked_into(tmp_path: Path) -> None:
    (tmp_path / "src").symlink_to("/etc", target_is_directory=True)
    with pytest.raises(SubmissionError, match="src"):
        read_tree(tmp_path)


def test_a_pipe_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "template.yaml")
    with pytest.raises(SubmissionError, match="regular file"):
        read_tree(tmp_path)


def test_a_submission_is_bounded_in_bytes_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"x" * 11)
    monkeypatch.setattr(source_tree, "TREE_BYTES_MAX", 10)
    with pytest.raises(SubmissionError, match="larger than"):
        read_tree(tmp_path)
    monkeypatch.setattr(source_tree, "FILES_MAX", 0)
    with pytest.raises(SubmissionError, match="files"):
        read_tree(tmp_path)


@pytest.mark.parametrize("path", ["../other", "/etc", "src/../../other", "src\\..\\x"])
def test_a_path_out_of_the_submission_is_refused(path: str) -> None:
    with pytest.raises(SubmissionError, match="relative path inside"):
        tree_of({"src/app.py": b""}).below(path)


def test_a_folder_is_given_by_the_paths_inside_it() -> None:
    tree = tree_of({"src/app.py": b"1", "src/lib/a.py": b"2", "README.md": b""})
    assert tree.below("./src/") == {"app.py": b"1", "lib/a.py": b"2"}
    assert tree.below("src/app.py") == {"app.py": b"1"}
    with pytest.raises(SubmissionError, match="no such file"):
        tree.below("sr")
