"""Content hashes that decide whether a step of the build has anything to do."""

from __future__ import annotations

import hashlib
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_IGNORED_FOLDERS = {"__pycache__", "node_modules", "_build", "assets", ".ipynb_checkpoints"}


def files_below(*places: Path) -> Iterator[Path]:
    """Files under the places in a stable order; generated and cached folders are left out. A missing place has no files."""
    for place in places:
        if place.is_file():
            yield place
        elif place.is_dir():
            for entry in sorted(place.iterdir()):
                if entry.name not in _IGNORED_FOLDERS and not entry.name.endswith((".pyc", "~")):
                    yield from files_below(entry)


def fingerprint(root: Path, files: Iterable[Path], *extra: str) -> str:
    """Hash of names (relative to ``root`` where they are below it), contents and any extra words."""
    digest = hashlib.sha256("\0".join(extra).encode())
    for file in files:
        name = file.relative_to(root) if file.is_relative_to(root) else file
        content = file.read_bytes()
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def installed() -> str:
    """Names and versions of what is installed beside us, cheaply: the names of the metadata folders."""
    folder = Path(sysconfig.get_paths()["purelib"])
    return "\n".join(sorted(entry.name for entry in folder.glob("*.dist-info")))


def once(stamp: Path, key: str, outputs: Iterable[Path], action: Callable[[], None]) -> bool:
    """Run the action unless its stamp carries this key and its outputs are there; True when it ran."""
    if stamp.is_file() and stamp.read_text("utf-8") == key and all(output.exists() for output in outputs):
        return False
    stamp.unlink(missing_ok=True)
    action()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key, "utf-8")
    return True
