"""Which page rests on which recordings: it is read again when one of them would come out differently now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from courseware.sphinx_ext.expected import is_current
from courseware.sphinx_ext.page_notes import PageNotes

NOTES = PageNotes[list[str]]("course_recordings")


def kept_in(env: BuildEnvironment) -> Path:
    """One place for every builder of these sources, whichever Sphinx it runs under."""
    return Path(env.srcdir) / "_build" / "live-outcomes"


def note_recordings(env: BuildEnvironment, files: Iterable[Path]) -> None:
    """The page that is being read rests on them."""
    NOTES.of(env).setdefault(env.docname, []).extend(file.name for file in files)


def pages_to_record(_app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]) -> list[str]:
    """On ``env-get-outdated``."""
    folder = kept_in(env)
    return [page for page, names in NOTES.of(env).items() if not all(is_current(folder / name) for name in names)]
