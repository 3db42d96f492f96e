"""A line of a cell is seen whole: what is wider than the page lies under its edge, and a reader does not know of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from courseware.author.content import Content
from courseware.author.finding import Finding

RULE = "cell-width"
CHARACTERS_MAX = 94  # beside both columns of a page 1,280 pixels wide
_CELL = re.compile(r"^(```+)\{(?:code-cell|live)\}[^\n]*\n(?P<body>.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_TAGS = re.compile(r":tags:.*\bsetup\b")  # folded: helpers, not what a reader works on


def check(content: Content) -> Iterator[Finding]:
    for page in content.pages.values():
        text = (content.root / page.path).read_text("utf-8")
        for cell in _CELL.finditer(text):
            if not _TAGS.match(cell["body"]):
                yield from _wide(page.path, text.count("\n", 0, cell.start("body")) + 1, cell["body"])


def _wide(path: str, first: int, body: str) -> Iterator[Finding]:
    for line, code in enumerate(body.splitlines(), first):
        if len(code) > CHARACTERS_MAX:
            yield Finding(path, line, RULE, f"a line of {len(code)} characters; break it, a page shows {CHARACTERS_MAX}")
