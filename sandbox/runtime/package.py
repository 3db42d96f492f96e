"""Zip packages: checked before anything is written, extracted once per digest.

Error texts are AWS's (recorded answers of CreateFunction and PublishLayerVersion); limits come from the facts file.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path, PurePosixPath

from sandbox import facts
from sandbox.errors import AwsError
from sandbox.runtime.code import Code

# What AWS's Python runtime has besides the standard library.
BOTO3_PACKAGES = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")

_NOT_A_ZIP = "Could not unzip uploaded file. Please check your file, then try to upload again."
_ENTRIES_MAX = 100_000  # ours: a directory of a million empty entries costs more than its bytes
_LINK_BYTES_MAX = 4096
_CHUNK_BYTES = 1 << 16


def _refuse(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message, 400, fields={"Type": "User"})


def read_package(data: bytes) -> Code:
    """Check a zip without trusting what its directory says of sizes. AwsError if AWS (or a careful host) would refuse it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unzipped = _checked_bytes(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError, OSError, ValueError):
        raise _refuse(_NOT_A_ZIP) from None
    digest = hashlib.sha256(data).digest()
    return Code(data, base64.b64encode(digest).decode(), digest.hex(), unzipped)


def _checked_bytes(archive: zipfile.ZipFile) -> int:
    entries = archive.infolist()
    if not entries:
        raise _refuse("Uploaded file must be a non-empty zip")
    limit = facts.limit("unzipped_bytes")
    if len(entries) > _ENTRIES_MAX or sum(entry.file_size for entry in entries) > limit:
        raise _too_large(limit)
    seen: dict[str, bool] = {}  # path to whether it is a directory
    done: set[str] = set()
    total = 0
    for entry in entries:
        name = _safe_name(entry)
        if seen.setdefault(name, entry.is_dir()) != entry.is_dir() or (name in done and not entry.is_dir()):
            raise _refuse(_NOT_A_ZIP)
        done.add(name)
        for parent in PurePosixPath(name).parents:  # a file cannot be a directory as well
            if not seen.setdefault(str(parent), True):
                raise _refuse(_NOT_A_ZIP)
        total += _read_through(archive, entry, limit - total)
        if _is_link(entry):
            _check_link(archive, entry)
    return total


def _read_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """The true size, read in pieces, so that a bomb is met at the limit and never in memory. Checks the CRC as well."""
    size = 0
    with archive.open(entry) as file:
        while piece := file.read(_CHUNK_BYTES):
            size += len(piece)
            if size > left:
                raise _too_large(facts.limit("unzipped_bytes"))
    return size


def _too_large(limit: int) -> AwsError:
    return _refuse(f"Unzipped size must be smaller than {limit} bytes")


def _safe_name(entry: zipfile.ZipInfo) -> str:
    """The entry's path below the root; anything that would leave it is refused."""
    name = entry.orig_filename.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or (path.parts and path.parts[0].endswith(":")):
        raise _refuse(_NOT_A_ZIP)
    if any(len(part.encode()) > 255 for part in path.parts):
        raise _refuse(_NOT_A_ZIP)
    return str(path)


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _check_link(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """A link may point anywhere below the root, nowhere else."""
    if entry.file_size > _LINK_BYTES_MAX:
        raise _refuse(_NOT_A_ZIP)
    target = PurePosixPath(archive.read(entry).decode("utf-8"))
    up = len(target.parts) - len([part for part in target.parts if part != ".."])
    inside = len(PurePosixPath(_safe_name(entry)).parent.parts)
    climbs_first = ".." not in target.parts[up:]  # ``link/..`` is not where it seems to be
    if not target.parts or target.is_absolute() or up > inside or not climbs_first:
        raise _refuse(_NOT_A_ZIP)


class PackageStore:
    """Extracted packages under ``root``, one directory per digest: complete or not there at all."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def directory(self, code: Code) -> Path:
        """Extract if need be. Two processes may do so at once, and either may be killed: the rename decides."""
        home = self._root / code.digest
        if home.is_dir():
            return home
        self._root.mkdir(parents=True, exist_ok=True)
        partial = self._root / f".{code.digest}.{os.getpid()}.{os.urandom(4).hex()}"
        partial.mkdir()
        try:
            _extract(code.data, partial)
            partial.chmod(0o755)
            partial.rename(home)
        except OSError:
            if not home.is_dir():
                raise
        finally:
            if partial.exists():
                shutil.rmtree(partial, ignore_errors=True)
        return home

    def directories(self, codes: Iterable[Code]) -> tuple[Path, ...]:
        return tuple(self.directory(code) for code in codes)

    def forget_partial(self) -> None:
        """Remove what a killed process left half-way."""
        for path in self._root.glob(".*.*.*"):
            shutil.rmtree(path, ignore_errors=True)


def _extract(data: bytes, root: Path) -> None:
    links: list[tuple[Path, str]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            path = root / _safe_name(entry)
            if entry.is_dir():
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if _is_link(entry):
                links.append((path, archive.read(entry).decode("utf-8")))
                continue
            with archive.open(entry) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, _CHUNK_BYTES)
            executable = (entry.external_attr >> 16) & 0o111
            path.chmod(0o644 | (0o111 if executable else 0))  # readable whatever the zip says, as functions run as another user
    for path, to in links:  # last, so that no entry is written through one
        path.symlink_to(to)


def merge_layers(root: Path, layers: tuple[Path, ...]) -> Path | None:
    """``/opt`` of a function: its layers in order, later ones over earlier ones. One layer is used as it is."""
    if not layers:
        return None
    if len(layers) == 1:
        return layers[0]
    name = hashlib.sha256("\0".join(str(layer) for layer in layers).encode()).hexdigest()
    home = root / name
    if home.is_dir():
        return home
    root.mkdir(parents=True, exist_ok=True)
    partial = root / f".{name}.{os.urandom(4).hex()}"
    partial.mkdir()
    for layer in layers:
        _overlay(layer, partial)
    try:
        partial.rename(home)
    except OSError:
        if not home.is_dir():
            raise
        shutil.rmtree(partial, ignore_errors=True)
    return home


def _overlay(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir() and not path.is_symlink():
            if place.is_symlink() or place.is_file():
                place.unlink()
            place.mkdir(exist_ok=True)
            continue
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        place.unlink(missing_ok=True)
        if path.is_symlink():
            place.symlink_to(path.readlink())
        else:
            shutil.copy2(path, place)


@lru_cache(maxsize=512)
def names_boto3(directory: Path) -> bool:
    """Whether any module of a package speaks of boto3. A package directory never changes, so the answer is kept."""
    return any(b"boto" in path.read_bytes() for path in directory.rglob("*.py") if path.is_file())


@lru_cache(maxsize=512)
def ships_any(directory: Path, names: tuple[str, ...]) -> bool:
    """Whether a package or layer brings a module of its own under one of the names."""
    roots = (directory, directory / "python", *directory.glob("python/lib/python*/site-packages"))
    return any((root / name).exists() or (root / f"{name}.py").exists() for root in roots for name in names)
