"""Submissions made to break whoever reads them: each is refused by name, in bounded time and memory, and nothing is unpacked."""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import tarfile
import zipfile

import pytest

from autograder.errors import SubmissionError
from autograder.intake import take


def refused(path, match=None):
    with pytest.raises(SubmissionError, match=match):
        take(path)


def zipped(tmp_path, entries, name="work.zip"):
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in entries:
            archive.writestr(entry, data)
    return path


def tarred(tmp_path, *entries):
    path = tmp_path / "work.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for entry in entries:
            archive.addfile(entry, io.BytesIO(bytes(entry.size)))
    return path


def member(name, kind=tarfile.REGTYPE, target=""):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


@pytest.mark.parametrize(
    "name", ["../escape.py", "a/../../escape.py", "/etc/cron.d/escape", "..\\escape.py", "C:/escape.py", "a//b.py", "\x1b[2J.py"]
)
def test_paths_that_lead_out_or_lie_are_refused(tmp_path, name):
    refused(zipped(tmp_path, [(name, b"x")]), "not a plain path|cannot be printed")
    refused(tarred(tmp_path, member(name)), "not a plain path|cannot be printed")
    assert not (tmp_path.parent / "escape.py").exists()


def test_links_and_devices_in_archives_are_refused(tmp_path):
    link = zipfile.ZipInfo("template.yaml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(zipped(tmp_path, [(link, b"/etc/passwd")]), "is a link or a device")
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE):
        refused(tarred(tmp_path, member("template.yaml", kind, "/etc/passwd")), "is a link or a device")


def test_links_pipes_and_foreign_files_in_folders_are_refused(tmp_path, secret_file):
    makers = {
        "link": lambda path: path.symlink_to(secret_file),
        "pipe": os.mkfifo,
        "second name": lambda path: path.hardlink_to(secret_file),
        "folder link": lambda path: path.symlink_to(secret_file.parent),
    }
    for name, make in makers.items():
        folder = tmp_path / name
        folder.mkdir()
        make(folder / "template.yaml")
        refused(folder, "links are not followed|not a regular file|hard link")
    submission = tmp_path / "a link to a folder"
    submission.symlink_to(secret_file.parent)
    refused(submission, "neither a folder")


def test_a_zip_that_grows_a_thousandfold_is_met_at_the_limit(tmp_path):
    refused(zipped(tmp_path, [(f"{number}.py", bytes(30_000_000)) for number in range(3)]), "larger than 64 MB")


def test_a_size_that_lies_does_not_help(tmp_path):
    path = zipped(tmp_path, [("a.py", bytes(70_000_000))])
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(signature) + offset
        data[place : place + 4] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    refused(path, "not a readable archive|larger than")


def test_a_tar_that_grows_is_met_at_the_limit_even_in_its_headers(tmp_path):
    header = member("a", tarfile.GNUTYPE_LONGNAME)
    header.size = 1 << 33
    path = tmp_path / "work.tgz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(130):
            stream.write(bytes(1_000_000))
    refused(path, "larger than 64 MB")


def test_too_many_files_are_refused(tmp_path):
    refused(zipped(tmp_path, [(f"{number}.py", b"") for number in range(2_001)]), "more than 2000 files")
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(2_001):
        (folder / f"{number}.py").touch()
    refused(folder, "more than 2000 files")


def test_too_deep_and_too_long_names_are_refused(tmp_path):
    refused(zipped(tmp_path, [("a/" * 20 + "b.py", b"")]), "too long or too deep")
    refused(zipped(tmp_path, [("a" * 250 + ".py", b"")]), "too long or too deep")
    deep = tmp_path / "deep" / "/".join(["a"] * 40)
    deep.mkdir(parents=True)
    refused(tmp_path / "deep", "folders deep")


def test_one_file_of_two_contents_is_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(tmp_path, [("app.py", b"honest"), ("app.py", b"hostile")])
    refused(path, "twice")


def test_odd_compressions_and_passwords_are_refused(tmp_path):
    path = tmp_path / "work.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.py", b"x")
    refused(path, "ordinary zip")


@pytest.mark.parametrize(
    "document",
    [
        b"[" * 200_000,
        b'{"cells": [' + b'{"a":' * 100_000,
        b'{"cells": ' + b"9" * 6_000_000 + b"}",
        json.dumps({"cells": [{"source": "x"}] * 501}).encode(),
        json.dumps({"cells": [{"source": "%%writefile a.py\n" + "x" * 300_000}]}).encode(),
        json.dumps({"cells": [{"source": "%%writefile ../../../etc/passwd\nx"}]}).encode(),
        json.dumps({"cells": [{"source": ["%%writefile /etc/passwd\n", 1]}]}).encode(),
        json.dumps({"cells": [None, 1, [], {"source": {"a": 1}}, {"metadata": 3, "source": "x"}]}).encode(),
        json.dumps({"cells": "%%writefile a.py"}).encode(),
        b" " * 9_000_000,
    ],
    ids=[
        "deep-lists",
        "deep-objects",
        "endless-number",
        "many-cells",
        "long-cell",
        "out",
        "absolute",
        "no-cells",
        "text",
        "huge",
    ],
)
def test_hostile_notebooks_are_refused(tmp_path, document):
    path = tmp_path / "work.ipynb"
    path.write_bytes(document)
    refused(path)


def test_hostile_metadata_of_a_notebook_is_not_looked_at(tmp_path):
    path = tmp_path / "work.ipynb"
    hostile = {"nbgrader": {"grade_id": ["x"], "schema_version": 99, "points": float("nan")}, "tags": {"a": "b" * 100_000}}
    cells = [{"source": "%%writefile template.yaml\n\ud800", "metadata": hostile, "cell_type": {}}]
    path.write_text(json.dumps({"cells": cells, "metadata": hostile, "nbformat": "x"}))
    assert dict(take(path).files) == {"template.yaml": b"?\n"}
