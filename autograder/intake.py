"""What was handed in, whatever shape it has, as a ``SourceTree``: a folder, a zip or tar archive, a notebook.

Everything is data: archives are read member by member and never unpacked to disk, notebooks are JSON whose marked cells are the
files. What is no regular file, leads out, or is more than a submission can be is refused with a word on what to do.
"""

from __future__ import annotations

import io
import json
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from autograder.errors import SubmissionError
from autograder.source_tree import FILES_MAX, LEFT_OUT, TREE_BYTES_MAX, SourceTree, check_name, read_file, read_tree, tree_of

ARCHIVE_BYTES_MAX = 16_000_000
NOTEBOOK_BYTES_MAX = 8_000_000
CELLS_MAX = 500
CELL_CHARS_MAX = 200_000
_ENTRIES_MAX = 4 * FILES_MAX  # folders and what is left out count as well
_PIECE_BYTES = 1 << 16
_TEMPLATES = ("template.yaml", "template.yml", "template.json")
_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
_TAR_BYTES_MAX = 2 * TREE_BYTES_MAX  # headers and padding included
_GZIP = 31  # zlib's window bits for a gzip stream
_FILE_ID = re.compile(r"file-[A-Za-z0-9-]+")
_MAGIC = re.compile(r"%%writefile[ \t]+(\S+)[ \t]*(?:\n|\Z)")
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError,
    OSError, ValueError, OverflowError, MemoryError,
)  # fmt: skip


def take(path: Path) -> SourceTree:
    """Read a submission. SubmissionError names the fix; nothing else is raised for what somebody handed in."""
    if path.is_dir() and not path.is_symlink():
        return _in_folder(read_tree(path))
    name = path.name.lower()
    if name.endswith(".ipynb"):
        return tree_of(notebook_files(read_file(path, path.name, NOTEBOOK_BYTES_MAX), path.name))
    if name.endswith(_ARCHIVES):
        data = read_file(path, path.name, ARCHIVE_BYTES_MAX)
        return _in_folder(tree_of(archive_files(data, path.name)))
    raise SubmissionError(f"{path.name} is neither a folder, an archive ({', '.join(_ARCHIVES)}) nor a notebook (.ipynb)")


def _in_folder(tree: SourceTree) -> SourceTree:
    """A folder inside the folder, as zipping makes one, is looked into; a notebook without a template stands for its files."""
    if any(name in tree.files for name in _TEMPLATES):
        return tree
    tops = {name.partition("/")[0] for name in tree.files}
    if len(tops) == 1 and all("/" in name for name in tree.files):
        top = f"{tops.pop()}/"
        return _in_folder(tree_of({name.removeprefix(top): data for name, data in tree.files.items()}))
    notebooks = [name for name in tree.files if name.endswith(".ipynb") and "/" not in name]
    if len(notebooks) == 1:
        data = tree.files[notebooks[0]]
        if len(data) > NOTEBOOK_BYTES_MAX:
            raise _too_large(notebooks[0], NOTEBOOK_BYTES_MAX)
        return tree_of(notebook_files(data, notebooks[0]))
    return tree


# -- archives


def archive_files(data: bytes, name: str) -> dict[str, bytes]:
    """Regular files of a zip or tar archive by path. Sizes are counted as bytes come out, whatever the directory claims."""
    members = _zip_members(data) if name.lower().endswith(".zip") else _tar_members(data, name)
    files: dict[str, bytes] = {}
    left = TREE_BYTES_MAX
    try:
        for count, (path, member) in enumerate(members):
            if count >= _ENTRIES_MAX or len(files) >= FILES_MAX:
                raise SubmissionError(f"{name} holds more than {FILES_MAX} files; hand in source code only")
            if member is None or LEFT_OUT & set(path.split("/")) or path.startswith("__MACOSX/"):
                continue
            check_name(path)
            if path in files:
                raise SubmissionError(f"{name} holds {path} twice; make the archive again")
            files[path] = _bounded(member, left, name)
            left -= len(files[path])
    except _BROKEN as error:
        raise SubmissionError(f"{name} is not a readable archive ({type(error).__name__}: {error}); make it again") from error
    return files


def _bounded(member: IO[bytes], left: int, name: str) -> bytes:
    pieces = []
    while piece := member.read(_PIECE_BYTES):
        left -= len(piece)
        if left < 0:
            raise _too_large(name, TREE_BYTES_MAX)
        pieces.append(piece)
    return b"".join(pieces)


def _zip_members(data: bytes) -> Iterator[tuple[str, IO[bytes] | None]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            path = entry.orig_filename.replace("\\", "/").removeprefix("./")
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise _no_file(path)
            if entry.flag_bits & 1:
                raise SubmissionError(f"{path} is encrypted; make the archive without a password")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise SubmissionError(f"{path} is packed in a way that is not read; make an ordinary zip archive")
            if entry.is_dir() or kind == stat.S_IFDIR:
                yield path, None
                continue
            with archive.open(entry) as member:
                yield path, member


def _tar_members(data: bytes, name: str) -> Iterator[tuple[str, IO[bytes] | None]]:
    """Unpacked to a bounded size first: ``tarfile`` reads long headers whole, whatever size they claim."""
    if data[:2] == b"\x1f\x8b":
        stream = zlib.decompressobj(_GZIP)
        data = stream.decompress(data, _TAR_BYTES_MAX)
        if stream.unconsumed_tail:
            raise _too_large(name, TREE_BYTES_MAX)
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for entry in archive:
            path = entry.name.removeprefix("./")
            if entry.isdir():
                yield path, None
            elif entry.isreg() and not entry.issparse():
                yield path, archive.extractfile(entry)
            else:
                raise _no_file(path)


# -- notebooks


def notebook_files(data: bytes, name: str) -> dict[str, bytes]:
    """The files of a notebook: cells with a ``file-…`` id whose first line is ``%%writefile path``, and further cells with that
    line. Of a path that occurs more than once the last cell counts. Nothing is executed, no other metadata is looked at.
    """
    files: dict[str, bytes] = {}
    for identity, text in _cells(data, name):
        written = _MAGIC.match(text)
        if written is None:
            if _FILE_ID.fullmatch(identity):
                raise SubmissionError(f"{name}: the cell {identity} has lost its first line, %%writefile and the file's path")
            continue
        path = written[1]
        check_name(path)
        if len(files) >= FILES_MAX:
            raise SubmissionError(f"{name} holds more than {FILES_MAX} files")
        body = text[written.end() :]
        files[path] = (body if body.endswith("\n") or not body else body + "\n").encode()
    if not files:
        raise SubmissionError(f"{name} has no cell that begins with %%writefile; hand in the notebook that was released")
    return files


def _cells(data: bytes, name: str) -> Iterator[tuple[str, str]]:
    """(grade id or "", text) of cells. What is not shaped like a cell is none."""
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError, MemoryError) as error:
        said = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SubmissionError(f"{name} is not a readable notebook ({said}); open it in JupyterLab and save it again") from error
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        raise SubmissionError(f"{name} is not a notebook: it has no list of cells; open it in JupyterLab and save it again")
    if len(cells) > CELLS_MAX:
        raise SubmissionError(f"{name} has more than {CELLS_MAX} cells; hand in the notebook that was released")
    for cell in cells:
        if isinstance(cell, dict) and (text := _text(cell.get("source"))) is not None:
            if len(text) > CELL_CHARS_MAX:
                raise SubmissionError(f"{name}: a cell is longer than {CELL_CHARS_MAX} characters")
            yield _grade_id(cell), text


def _text(source: Any) -> str | None:
    """Half a surrogate pair is valid JSON and no text: it becomes a question mark."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source.encode("utf-8", "replace").decode().replace("\r\n", "\n") if isinstance(source, str) else None


def _grade_id(cell: Mapping[str, Any]) -> str:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    identity = marks.get("grade_id") if isinstance(marks, dict) else None
    return identity if isinstance(identity, str) else ""


def _no_file(path: str) -> SubmissionError:
    return SubmissionError(f"{path!r} in the archive is a link or a device; put the file itself into it")


def _too_large(name: str, bytes_max: int) -> SubmissionError:
    return SubmissionError(f"{name} is larger than {bytes_max // 1_000_000} MB; hand in source code only, without outputs")
