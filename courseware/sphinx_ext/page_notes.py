"""What a build knows of each page beyond its text: kept with Sphinx's environment, forgotten and merged with the page."""

from __future__ import annotations

from typing import Generic, TypeVar

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

Note = TypeVar("Note")


class PageNotes(Generic[Note]):
    """``name`` is the environment's attribute; notes of any kind that can be pickled."""

    def __init__(self, name: str) -> None:
        self._name = name

    def of(self, env: BuildEnvironment) -> dict[str, Note]:
        """By page, to read and to write."""
        notes: dict[str, Note] = env.__dict__.setdefault(self._name, {})
        return notes

    def connect(self, app: Sphinx) -> None:
        app.connect("env-purge-doc", self.forget)
        app.connect("env-merge-info", self.merge)

    def forget(self, _app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """On ``env-purge-doc``."""
        self.of(env).pop(docname, None)

    def merge(self, _app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
        """On ``env-merge-info``, for pages that another process has read."""
        self.of(env).update({page: note for page, note in self.of(other).items() if page in docnames})
