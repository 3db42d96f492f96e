"""The learner's folder for each lab (``.course/work/<lab>``): filled from the lab, never written over.

What was delivered is remembered by its hash. A file the learner has not touched follows the lab when the lab changes;
a file the learner has touched stays as it is; a file the learner has deleted comes back.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autograder.lab import Lab, find_labs
from courseware.errors import LearnerError
from courseware.place import course_root, state_folder, write_atomically

NOTEBOOK = "lab.ipynb"
PAGES = "pages"
_PAGE = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)?")


def work_folder() -> Path:
    """The root JupyterLab shows."""
    return state_folder() / "work"


def prepare_all() -> list[Lab]:
    """Bring every lab's folder up to date; cheap when nothing changed."""
    labs = find_labs(course_root() / "labs")
    for lab in labs:
        prepare(lab)
    return labs


def prepare(lab: Lab) -> Path:
    """Deliver the lab's notebook and starter files that are missing or untouched; return the folder."""
    folder = work_folder() / lab.slug
    folder.mkdir(parents=True, exist_ok=True)
    _bring(folder, state_folder() / "delivered" / f"{lab.slug}.json", _sources(lab))
    return folder


def prepare_page(name: str) -> Path:
    """Deliver a page of the book as a notebook; gives where it is, relative to the work folder.

    LearnerError: there is no such page, or it has no cells that a notebook could run.
    """
    source = course_root() / "book" / f"{name}.md"
    if not _PAGE.fullmatch(name) or not source.is_file() or "\nkernelspec:" not in source.read_text("utf-8"):
        raise LearnerError(f"the book has no page {name!r} that opens as a notebook")
    target = Path(PAGES, f"{name}.ipynb")
    (work_folder() / target).parent.mkdir(parents=True, exist_ok=True)
    _bring(work_folder(), state_folder() / "delivered" / f"{PAGES}.json", [(target.as_posix(), source)])
    return target


def _bring(folder: Path, record: Path, sources: Iterable[tuple[str, Path]]) -> None:
    delivered = _read(record)
    now = dict(delivered)
    for name, source in sources:
        target, known = folder / name, delivered.get(name)
        source_hash = _hash(source)
        if target.exists() and (known is None or known["source"] == source_hash or known["file"] != _hash(target)):
            continue
        _deliver(source, target)
        now[name] = {"source": source_hash, "file": _hash(target)}
    if now != delivered:
        write_atomically(record, now)


def reset(lab: Lab) -> Path:
    """Start the lab's folder anew and return where the old one was put (a folder that keeps its time in its name)."""
    folder = work_folder() / lab.slug
    stamp = time.strftime("%Y%m%d-%H%M%S")
    backup = next(path for path in _numbered(work_folder() / "backup" / f"{lab.slug}-{stamp}") if not path.exists())
    if folder.exists():
        backup.parent.mkdir(parents=True, exist_ok=True)
        folder.replace(backup)
    prepare(lab)
    return backup


def lab_named(slug: str) -> Lab:
    """Raises LearnerError that lists the labs there are."""
    labs = {lab.slug: lab for lab in find_labs(course_root() / "labs")}
    if slug not in labs:
        raise LearnerError(f"there is no lab {slug!r}; the labs are: {', '.join(labs) or 'none yet'}")
    return labs[slug]


def notebook(lab: Lab) -> Path:
    """Where the lab's notebook is, relative to the work folder."""
    return Path(lab.slug, NOTEBOOK)


def _sources(lab: Lab) -> Iterator[tuple[str, Path]]:
    if lab.source.exists():
        yield NOTEBOOK, lab.source
    starter = lab.folder / "starter"
    for path in sorted(starter.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(starter).as_posix(), path


def _deliver(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix != ".ipynb" or source.suffix == ".ipynb":
        shutil.copyfile(source, target)
        return
    # Imported here: a start with nothing to deliver need not pay for it.
    import jupytext  # noqa: PLC0415

    from courseware.notebook_page import readable, with_note  # noqa: PLC0415

    jupytext.write(with_note(readable(jupytext.reads(source.read_text("utf-8"), fmt="md:myst"))), target)


def _read(record: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(record.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _numbered(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, 1000):
        yield path.with_name(f"{path.name}-{number}")
