"""Pictures say in words what they show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from courseware.author.content import Content, Page
from courseware.author.finding import Finding

RULE = "alt-texts"
_CHARACTERS_MIN = 40
_SAYS_NOTHING = re.compile(r"\s*(an? |the )?(image|picture|diagram|figure|screenshot|drawing)( of|\.|$)", re.IGNORECASE)


def check(content: Content) -> Iterator[Finding]:
    for page in content.pages.values():
        for line, alt in _pictures(page):
            if len(alt) < _CHARACTERS_MIN:
                yield Finding(page.path, line, RULE, f"alt text {alt!r} is too short to stand for the picture; say what it shows")
            elif _SAYS_NOTHING.match(alt):
                yield Finding(page.path, line, RULE, "alt text begins with what everybody knows; begin with what is shown")


def _pictures(page: Page) -> Iterator[tuple[int, str]]:
    for image in page.document.images:
        yield image.line, image.alt.strip()
    for directive in page.document.directives:
        if directive.name in {"diagram", "image", "figure"}:
            yield directive.line, directive.options.get("alt", "").strip()
