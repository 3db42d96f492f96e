"""Code fits its box: on a screen 1,280 pixels wide, between both columns of a page, no line is pushed sideways to be read."""

from __future__ import annotations

from collections.abc import Iterator

from courseware.author.content import Content
from courseware.author.finding import Finding

RULE = "code-width"
LETTERS_MAX = 94  # of 94.2 that were measured
QUESTION_LETTERS_MAX = 88  # a question has an edge of its own
FAULT_LETTERS_MAX = 76  # where each line can be chosen, and has its number


def check(content: Content) -> Iterator[Finding]:
    for page in content.pages.values():
        for block in page.document.blocks:
            yield from _of(block.text, page.path, block.line, LETTERS_MAX)
    for cell in content.lab_cells:
        yield from _of(cell.read_text("utf-8"), cell.relative_to(content.root).as_posix(), 1, LETTERS_MAX)
    for item in content.items:
        most = FAULT_LETTERS_MAX if item.type == "fault" else QUESTION_LETTERS_MAX
        for number, line in enumerate(item.code.splitlines(), 1):
            if len(line) > most:
                path, at = content.place_of(item)
                yield Finding(path, at, RULE, f"item {item.id}: {_words(line, number, most)}")


def _of(text: str, path: str, first: int, most: int) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines()):
        if len(line) > most:
            yield Finding(path, first + number, RULE, _words(line, number + 1, most))


def _words(line: str, number: int, most: int) -> str:
    return f"line {number} of this code has {len(line)} letters and its box room for {most}: wrap it"
