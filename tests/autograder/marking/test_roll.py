from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.marking.roll import call_roll, tree_digest


def submission(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_each_subfolder_is_a_learner_and_loose_and_hidden_things_are_not(tmp_path: Path) -> None:
    submission(tmp_path / "mary", a="1")
    submission(tmp_path / "ada", a="1")
    submission(tmp_path / ".git", a="1")
    (tmp_path / "list.csv").write_text("ada")
    (tmp_path / "alias").symlink_to(tmp_path / "ada")
    assert [one.name for one in call_roll(tmp_path, "")] == ["ada", "mary"]


def test_a_folder_without_submissions_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="one subfolder a learner"):
        call_roll(tmp_path, "")
    with pytest.raises(SubmissionError, match="cannot be read"):
        call_roll(tmp_path / "nowhere", "")


def test_equal_trees_have_one_digest_and_every_change_another(tmp_path: Path) -> None:
    first = submission(tmp_path / "one", a="1", b="2")
    digest = tree_digest(first)
    assert tree_digest(submission(tmp_path / "two", b="2", a="1")) == digest
    seen = {digest, tree_digest(first, "other checks")}
    (first / "b").write_text("3")
    seen.add(tree_digest(first))
    (first / "b").rename(first / "c")
    seen.add(tree_digest(first))
    (first / "empty").mkdir()
    seen.add(tree_digest(first))
    assert len(seen) == 5


def test_a_name_and_a_content_cannot_pass_for_one_another(tmp_path: Path) -> None:
    assert tree_digest(submission(tmp_path / "one", ab="c")) != tree_digest(submission(tmp_path / "two", a="bc"))


def test_links_are_not_followed_and_pipes_are_not_opened(tmp_path: Path) -> None:
    folder = submission(tmp_path / "one", a="1")
    (tmp_path / "secret").write_text("before")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    digest = tree_digest(folder)
    (tmp_path / "secret").write_text("after")
    assert tree_digest(folder) == digest
    (folder / "link").unlink()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    assert tree_digest(folder) != digest
