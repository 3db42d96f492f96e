"""Gives the side bar's toggles a name: the theme draws a chevron without words, which fails WCAG 4.1.2 (summary-name)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_TOGGLE = re.compile(r"(<a [^>]*>(?P<title>[^<]*)</a><details[^>]*>)<summary>")


def name_toggles(_app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """On ``html-page-context``, after the theme has put its function there."""
    generate: Callable[..., Any] | None = context.get("generate_toctree_html")
    if generate is not None:
        context["generate_toctree_html"] = lambda *args, **kwargs: named(str(generate(*args, **kwargs)))


def named(html: str) -> str:
    """Every summary says whose pages it folds; titles in the markup are escaped already."""
    return _TOGGLE.sub(lambda found: f'{found[1]}<summary aria-label="Pages of {found["title"]}">', html)
