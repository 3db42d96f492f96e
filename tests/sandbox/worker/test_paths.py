from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox.worker.paths import PathMap, patches


@pytest.mark.parametrize(
    ("path", "real"),
    [
        ("/tmp", "/scratch/tmp"),
        ("/tmp/a/b", "/scratch/tmp/a/b"),
        ("/tmpfile", "/tmpfile"),
        ("/var/task/app.py", "/store/x/app.py"),
        (b"/tmp/a", b"/scratch/tmp/a"),
        (Path("/tmp/a"), "/scratch/tmp/a"),
        ("relative", "relative"),
        (3, 3),
        ("/tmp/host/kept", "/tmp/host/kept"),
    ],
)
def test_virtual_prefixes_lead_to_host_directories(path, real):
    path_map = PathMap({"/tmp": "/scratch/tmp", "/var/task": "/store/x"}, ("/tmp/host",))
    assert path_map.real(path) == real


def test_host_directories_below_a_virtual_prefix_stay_reachable():
    path_map = PathMap({"/tmp": "/tmp/scratch/7/tmp", "/opt": "/tmp/scratch/7/opt"})
    assert path_map.real("/tmp/x") == "/tmp/scratch/7/tmp/x"
    assert path_map.real("/tmp/scratch/7/opt/y") == "/tmp/scratch/7/opt/y"
    assert path_map.virtual("/tmp/scratch/7/tmp/x") == "/tmp/x"


def test_patches_change_nothing_without_a_map_and_can_be_taken_back(tmp_path):
    before = open, os.stat, os.scandir
    patches.install()
    try:
        (tmp_path / "file").write_text("x")
        assert [entry.name for entry in os.scandir(tmp_path)] == ["file"]
        assert Path(os.getcwd()) == Path.cwd()  # noqa: PTH109 - both ways
    finally:
        patches.uninstall()
    assert (open, os.stat, os.scandir) == before


def test_a_mapped_file_is_read_written_renamed_and_removed(tmp_path):
    patches.active = PathMap({"/tmp": str(tmp_path)})
    patches.install()
    try:
        Path("/tmp/one").write_text("x")
        os.rename("/tmp/one", "/tmp/two")  # noqa: PTH104 - the function under test
        seen = Path("/tmp/two").read_text(), os.listdir(path="/tmp")  # noqa: PTH208 - as above
        os.remove("/tmp/two")  # noqa: PTH107 - as above
    finally:
        patches.uninstall()
        patches.active = None
    assert seen == ("x", ["two"])
    assert list(tmp_path.iterdir()) == []
