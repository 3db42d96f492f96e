"""What was handed in, as bytes by relative path: read once, bounded, links and devices refused; nothing of it is executed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SubmissionError

FILES_MAX = 2_000
TREE_BYTES_MAX = 64_000_000
NAME_CHARS_MAX = 240
LEVELS_MAX = 16
_ENTRIES_MAX = 20_000  # of a folder tree, folders and what is left out included
LEFT_OUT = frozenset({"__pycache__", ".git", ".venv", ".aws-sam", ".ipynb_checkpoints", ".DS_Store"})


@dataclass(frozen=True, slots=True)
class SourceTree:
    """``files`` by path with forward slashes, sorted; ``digest`` is the SHA-256 over paths and contents."""

    files: Mapping[str, bytes]
    digest: str

    def text(self, path: str) -> str:
        """SubmissionError when the file is missing or is no UTF-8."""
        try:
            return self.files[path].decode("utf-8")
        except KeyError:
            raise SubmissionError(f"the submission has no {path}; it must lie at the top of the folder") from None
        except UnicodeDecodeError as error:
            raise SubmissionError(f"{path} is not UTF-8 text (byte {error.start})") from error

    def below(self, path: str) -> dict[str, bytes]:
        """The files of a folder by their path inside it, or the one file of that name. SubmissionError when there is nothing,
        or when ``path`` leads out of the submission.
        """
        inside = _normal(path)
        if inside in self.files:
            return {inside.rpartition("/")[2]: self.files[inside]}
        prefix = f"{inside}/" if inside else ""
        found = {name.removeprefix(prefix): data for name, data in self.files.items() if name.startswith(prefix)}
        if not found:
            raise SubmissionError(f"the template names {path!r}, and the submission has no such file or folder")
        return found


def tree_of(files: Mapping[str, bytes]) -> SourceTree:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{len(name)} {name} {len(files[name])} ".encode() + files[name])
    return SourceTree({name: files[name] for name in sorted(files)}, digest.hexdigest())


def check_name(path: str) -> None:
    """SubmissionError unless ``path`` is a plain relative path that any system can hold."""
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or any(part in ("", ".", "..") for part in parts) or ":" in parts[0]:
        raise SubmissionError(f"{path[:NAME_CHARS_MAX]!r} is not a plain path inside the submission")
    if len(path) > NAME_CHARS_MAX or len(parts) > LEVELS_MAX:
        raise SubmissionError(
            f"{path[:40]!r}… is too long or too deep; {NAME_CHARS_MAX} characters and {LEVELS_MAX} levels are read"
        )
    if not path.isprintable():
        raise SubmissionError(f"{path!r} has a name that cannot be printed; rename the file")


def read_tree(folder: Path) -> SourceTree:
    """SubmissionError names the file that cannot be taken and why."""
    if folder.is_symlink() or not folder.is_dir():
        raise SubmissionError(f"{folder.name} is not a folder; hand in the folder that holds template.yaml")
    files: dict[str, bytes] = {}
    left = TREE_BYTES_MAX
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        if len(files) >= FILES_MAX:
            raise SubmissionError(f"the submission holds more than {FILES_MAX} files; hand in source code only")
        check_name(name)
        files[name] = read_file(path, name, left)
        left -= len(files[name])
    return tree_of(files)


def _walk(folder: Path) -> Iterator[Path]:
    """Whatever is no folder, sorted, without recursion: a tree of a thousand levels is met at the limit."""
    pending, seen = [(folder, 1)], 0
    while pending:
        current, level = pending.pop()
        with os.scandir(current) as entries:
            below = []
            for entry in entries:
                seen += 1
                if seen > _ENTRIES_MAX:
                    raise SubmissionError(f"the submission holds more than {_ENTRIES_MAX} files and folders")
                if entry.name not in LEFT_OUT:
                    below.append(entry)
        for entry in sorted(below, key=lambda each: each.name):
            if not entry.is_dir(follow_symlinks=False):
                yield Path(entry.path)
            elif level >= LEVELS_MAX:
                raise SubmissionError(f"the submission is more than {LEVELS_MAX} folders deep; hand in source code only")
            else:
                pending.append((Path(entry.path), level + 1))


def read_file(path: Path, name: str, bytes_max: int) -> bytes:
    """A file that turns out to be a link, a pipe or a device is never read; one with a second name may be somebody else's."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise SubmissionError(f"{name} cannot be read ({error.strerror}); links are not followed") from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise SubmissionError(f"{name} is not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        if found.st_nlink > 1:
            raise SubmissionError(f"{name} is a hard link to another file; put a copy of the file there")
        data = file.read(bytes_max + 1) if found.st_size <= bytes_max else b""
    if len(data) > bytes_max or found.st_size > bytes_max:
        raise SubmissionError(
            f"{name} is larger than what may be handed in ({bytes_max} bytes here); hand in source code only, without outputs"
        )
    return data


def _normal(path: str) -> str:
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or ".." in parts or "\\" in path:
        raise SubmissionError(f"the template names {path!r}; code must be a relative path inside the submission")
    return "/".join(parts)
