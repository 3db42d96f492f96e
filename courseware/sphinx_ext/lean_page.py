"""A page loads what it uses: styles and scripts of extensions go where their markup is not."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

# What a file is for: a piece of the markup that needs it. Files not named here are always loaded.
_NEEDED_BY = {
    "sphinx-design": 'class="sd-',
    "design-tabs": "sd-tab",
    "mystnb": "cell_output",
    "togglebutton": "toggle",
    "searchtools": 'id="search-results"',
    "language_data": 'id="search-results"',
    "searchindex": 'id="search-results"',
    "copybutton": "<pre",
    "clipboard": "<pre",
}


def drop_unused_files(
    _app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None
) -> None:
    """On ``html-page-context``; the search page's markup is the theme's, and shows titles and words, no code, tabs or cards."""
    body = 'id="search-results"' if pagename == "search" else context.get("body", "")
    for kind in ("css_files", "script_files"):
        context[kind] = [file for file in context.get(kind, ()) if _used(str(getattr(file, "filename", file)), body)]


def _used(filename: str, body: str) -> bool:
    return all(markup in body for name, markup in _NEEDED_BY.items() if name in filename)
