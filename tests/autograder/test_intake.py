"""What people hand in, taken as it is meant: folders, archives of folders, notebooks."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile

import pytest

from autograder.errors import SubmissionError
from autograder.intake import take

FILES = {"template.yaml": b"Resources: {}\n", "src/app.py": b"x = 1\n", "README.md": "Grüße\n".encode()}


def write_folder(folder, files=FILES):
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def zip_of(files, top=""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(top + name, data)
    return buffer.getvalue()


def tar_of(files, mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def cell(text, identity="", kind="code"):
    metadata = {"nbgrader": {"grade_id": identity, "points": 1e99}} if identity else {}
    return {"cell_type": kind, "source": text, "metadata": metadata, "outputs": [{"hostile": True}]}


def notebook_of(*cells, **more):
    return json.dumps({"cells": list(cells), "metadata": {"kernelspec": ["nonsense"]}, "nbformat": 99} | more).encode()


@pytest.mark.parametrize("shape", ["folder", "zip", "zip-of-folder", "tar", "tar.gz"])
def test_the_same_files_are_the_same_submission_in_every_shape(tmp_path, shape):
    folder = write_folder(tmp_path / "folder")
    path = {
        "folder": folder,
        "zip": tmp_path / "work.zip",
        "zip-of-folder": tmp_path / "WORK.ZIP",
        "tar": tmp_path / "work.tar",
        "tar.gz": tmp_path / "work.tar.gz",
    }[shape]
    if shape.startswith("zip"):
        path.write_bytes(zip_of(FILES, "anna/" if shape == "zip-of-folder" else ""))
    elif shape.startswith("tar"):
        path.write_bytes(tar_of(FILES, "w" if shape == "tar" else "w:gz"))
    taken = take(path)
    assert dict(taken.files) == FILES
    assert taken.digest == take(folder).digest


def test_any_change_of_a_file_or_its_name_changes_the_digest(tmp_path):
    digests = set()
    for number, files in enumerate([FILES, FILES | {"src/app.py": b"x = 2\n"}, FILES | {"src/app2.py": b""}]):
        digests.add(take(write_folder(tmp_path / str(number), files)).digest)
    assert len(digests) == 3


def test_the_cells_of_a_notebook_are_its_files(tmp_path):
    path = tmp_path / "work.ipynb"
    path.write_bytes(
        notebook_of(
            cell("# Task", kind="markdown"),
            cell(["%%writefile template.yaml\n", "Resources: {}"], "file-template-yaml"),
            cell("%%writefile src/app.py\r\nx = 0", "file-src-app-py"),
            cell("import os; os.system('touch /tmp/executed')"),
            cell("%%writefile src/app.py\nx = 1", "file-src-app-py"),
            cell("%%writefile src/more.py\ny = 1"),
        )
    )
    assert dict(take(path).files) == {
        "src/app.py": b"x = 1\n",
        "src/more.py": b"y = 1\n",
        "template.yaml": b"Resources: {}\n",
    }


def test_a_folder_with_a_notebook_and_no_template_is_the_notebook(tmp_path):
    data = notebook_of(cell("%%writefile template.yaml\nResources: {}"))
    folder = write_folder(tmp_path / "anna", {"image-application.ipynb": data, "timestamp.txt": b"2026"})
    assert dict(take(folder).files) == {"template.yaml": b"Resources: {}\n"}


def test_what_editors_and_systems_leave_behind_is_not_read(tmp_path):
    more = {"__MACOSX/._template.yaml": b"x", "src/__pycache__/app.pyc": b"x", ".git/config": b"x"}
    path = tmp_path / "work.zip"
    path.write_bytes(zip_of(FILES | more))
    assert dict(take(path).files) == FILES


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("work.ipynb", b"not json", "open it in JupyterLab and save it again"),
        ("work.ipynb", b"\xff\xfe", "open it in JupyterLab and save it again"),
        ("work.ipynb", b"[1, 2]", "it has no list of cells"),
        ("work.ipynb", notebook_of(), "hand in the notebook that was released"),
        ("work.ipynb", notebook_of(cell("x = 1", "file-src-app-py")), "has lost its first line"),
        ("work.zip", b"no archive", "make it again"),
        ("work.tar.gz", b"no archive", "make it again"),
        ("work.rar", b"Rar!", "neither a folder, an archive"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_fix(tmp_path, name, data, said):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SubmissionError, match=said):
        take(tmp_path / name)
