from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograder.errors import GraderFault
from autograder.marking import parcel
from autograder.marking.roll import tree_digest


def test_a_folder_arrives_as_it_was_links_and_pipes_included(tmp_path: Path) -> None:
    folder, arrived = tmp_path / "here", tmp_path / "there"
    (folder / "src" / "empty").mkdir(parents=True)
    (folder / "src" / "app.py").write_bytes(b"\x00\xffcode")
    (folder / "out").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    arrived.mkdir()
    parcel.unpack(parcel.pack(folder), arrived)
    assert (arrived / "src" / "app.py").read_bytes() == b"\x00\xffcode"
    assert (arrived / "out").readlink() == Path("/etc/passwd")
    assert tree_digest(arrived) == tree_digest(folder)


def test_a_file_past_the_limit_arrives_with_its_size_and_without_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcel, "PARCEL_BYTES_MAX", 1_000)
    folder, arrived = tmp_path / "here", tmp_path / "there"
    folder.mkdir()
    arrived.mkdir()
    (folder / "big").write_bytes(b"x" * 5_000)
    (folder / "small").write_bytes(b"y" * 500)
    packed = parcel.pack(folder)
    assert len(packed) < 2_000
    parcel.unpack(packed, arrived)
    assert (arrived / "big").stat().st_size == 5_000
    assert (arrived / "small").read_bytes() == b"y" * 500


@pytest.mark.parametrize("path", ["../out", "/etc/out", "a/../../out"])
def test_a_parcel_that_leads_elsewhere_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(GraderFault, match="leads out"):
        parcel.unpack(json.dumps([{"path": path, "kind": "file", "size": 1, "data": ""}]), tmp_path)
