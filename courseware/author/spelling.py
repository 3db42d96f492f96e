"""Words as they are spelt in Britain, and no misspellings, by codespell's word lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from courseware.author.content import Content
from courseware.author.finding import Finding
from courseware.author.prose import Document

RULE = "spelling"
_WORD = re.compile(r"[A-Za-z][A-Za-z\u2019']+")
# Right in British English too, in the sense these pages use.
_BOTH = {"analog", "artifact", "artifacts", "check", "checks", "dialog", "disk", "disks", "license", "licensed"}
_BOTH |= {"meter", "meters", "practice", "program", "programs", "story", "tire"}


def check(content: Content) -> Iterator[Finding]:
    for page in content.pages.values():
        yield from _of(page.document, page.path, None)
    for words in content.quiz_texts:
        yield from _of(words.document, words.path, words.line)


def _of(document: Document, path: str, line: int | None) -> Iterator[Finding]:
    for passage in document.passages:
        for found in _WORD.finditer(passage.text):
            better = corrections().get(found[0].lower())
            if better and not (found[0][0].isupper() and found.start() and passage.text[found.start() - 1] not in "\n"):
                here = passage.line + passage.text[: found.start()].count("\n")
                yield Finding(path, here if line is None else line, RULE, f"{found[0]!r}: write {better}")


@cache
def corrections() -> dict[str, str]:
    """Wrong to right: codespell's misspellings, and its British-to-American list read backwards."""
    data = resources.files("codespell_lib") / "data"
    wrong = _pairs((data / "dictionary.txt").read_text("utf-8"))
    american = {to: british for british, to in _pairs((data / "dictionary_en-GB_to_en-US.txt").read_text("utf-8")).items()}
    british = set(american.values())
    return {word: right for word, right in (wrong | american).items() if word not in _BOTH and word not in british}


def _pairs(text: str) -> dict[str, str]:
    """``wrong->right``; a line with several rights (``right, other,``) is for a human and left out."""
    rows = (line.partition("->") for line in text.splitlines() if "->" in line)
    return {word: fix for word, _, fix in rows if "," not in fix}
