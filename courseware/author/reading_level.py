"""Sentences that can be read once. The measure is LIX: words a sentence, plus the share of words longer than six letters.

Below 30 is easy, about 45 is a good newspaper, above 55 is heavy (Björnsson 1968). It needs no syllables, so technical words do
not drown it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from courseware.author.content import Content
from courseware.author.finding import Finding
from courseware.author.prose import CODE, ROLE, Document

RULE = "reading-level"
LIX_MAX = 45.0
SENTENCE_WORDS_MAX = 45
_WORDS_MIN = 150  # fewer are no sample
_WORD = re.compile(rf"[\w\u2019'{CODE}{ROLE}][\w\u2019'.-]*")
_END = re.compile(r"[.!?:;](?=\s|$)|\n\n")


def check(content: Content) -> Iterator[Finding]:
    for page in content.pages.values():
        for line, sentence in _sentences(page.document):
            count = len(_WORD.findall(sentence))
            if count > SENTENCE_WORDS_MAX:
                begins = " ".join(sentence.split()[:6]).replace(CODE, "`…`").replace(ROLE, "…")
                yield Finding(page.path, line, RULE, f"a sentence of {count} words ({begins} …): cut it in two")
        level = lix(page.document)
        if level > LIX_MAX:
            message = f"reads heavily (LIX {level:.0f}, at most {LIX_MAX:.0f}): shorten sentences, prefer short words"
            yield Finding(page.path, 0, RULE, message)


def lix(document: Document) -> float:
    """Zero for a page with too few words to judge."""
    sentences = [sentence for _, sentence in _sentences(document)]
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    if len(words) < _WORDS_MIN:
        return 0.0
    return len(words) / len(sentences) + 100 * sum(len(word) > 6 for word in words) / len(words)


def _sentences(document: Document) -> Iterator[tuple[int, str]]:
    for passage in document.passages:
        if passage.kind != "text":
            continue
        at = 0
        for part in _END.split(passage.text):
            if _WORD.search(part):
                yield passage.line + passage.text[:at].count("\n"), part
            at += len(part) + 1
