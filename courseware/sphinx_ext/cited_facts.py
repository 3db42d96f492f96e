"""Which page rests on which facts: it is read again when one of them says something else now, and no other page is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from courseware.sphinx_ext.facts import fact_text
from courseware.sphinx_ext.page_notes import PageNotes
from sandbox.facts import facts, groups, limits, sources

NOTES = PageNotes[dict[str, str]]("course_cited_facts")
EVERY = "*"  # instead of a name: whatever the file holds


def note_facts(env: BuildEnvironment, names: Iterable[str]) -> None:
    """The page that is being read rests on them: ids of facts, names of limits, or ``EVERY``."""
    NOTES.of(env).setdefault(env.docname, {}).update({name: said(name) for name in names})


def note_cited(app: Sphinx, doctree: nodes.document) -> None:
    """On ``doctree-read``: what roles, explorers, prices and questions have cited."""
    cited = doctree.findall(fact_text)
    note_facts(app.env, {name for node in cited for name in (node["fact"], node.get("limit", "")) if name})


def pages_to_cite_again(
    _app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """On ``env-get-outdated``."""
    return [page for page, names in NOTES.of(env).items() if any(said(name) != before for name, before in names.items())]


def said(name: str) -> str:
    """A digest of what the file says under this name, with its sources' words; the same for all that is not there."""
    rows = (facts(), limits(), groups()) if name == EVERY else (facts().get(name), limits().get(name))
    return hashlib.sha256(repr((rows, sources())).encode()).hexdigest()
