"""Which submissions read alike: for a person to look at, never a verdict.

Python is compared by its tokens with names, texts and comments blanked, so renaming and reformatting hide nothing; what the
starter gave everybody is taken out first. Similarity is rapidfuzz's normalised indel similarity of the token strings.
"""

from __future__ import annotations

import io
import keyword
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from rapidfuzz.distance import Indel

from autograder.errors import SubmissionError
from autograder.source_tree import read_tree

TOKENS_MAX = 20_000
WINDOW = 12  # as many tokens in a row as the starter has are given, not copied
_SUFFIXES = (".py", ".yaml", ".yml", ".json", ".md")
_BLANK = {tokenize.NAME: "N", tokenize.STRING: "S", tokenize.NUMBER: "0"}
_PASSED_OVER = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two learners and how alike their work is, 0 to 1; ``tokens`` is how much of the shorter one was compared."""

    first: str
    second: str
    similarity: float
    tokens: int


def alike(submissions: Mapping[str, Path], starter: Path | None = None, *, at_least: float = 0.8) -> list[Pair]:
    """The pairs that reach ``at_least``, most alike first. Submissions that cannot be read, or hold nothing new, are in none."""
    given = _windows(_words(starter)) if starter is not None and starter.is_dir() else frozenset()
    coded: dict[str, list[int]] = {}
    codes: dict[str, int] = {}
    for name, folder in submissions.items():
        words = _new(_words(folder), given)
        if words:
            coded[name] = [codes.setdefault(word, len(codes)) for word in words]
    pairs = []
    for (first, one), (second, two) in combinations(sorted(coded.items()), 2):
        similarity = Indel.normalized_similarity(one, two, score_cutoff=at_least)
        if similarity >= at_least:
            pairs.append(Pair(first, second, round(similarity, 3), min(len(one), len(two))))
    return sorted(pairs, key=lambda pair: (-pair.similarity, pair.first, pair.second))


def _words(folder: Path) -> list[str]:
    try:
        files = read_tree(folder).files
    except SubmissionError:
        return []
    words: list[str] = []
    for name, content in files.items():
        if name.endswith(_SUFFIXES):
            text = content.decode("utf-8", "replace")
            words += _python(text) if name.endswith(".py") else text.split()
    return words[:TOKENS_MAX]


def _python(text: str) -> Iterator[str]:
    """Tokens as far as the file is Python; what a syntax error hides is compared as plain words."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in _PASSED_OVER:
                kept = token.type == tokenize.NAME and keyword.iskeyword(token.string)
                yield token.string if kept else _BLANK.get(token.type, token.string)
    except (tokenize.TokenError, SyntaxError, ValueError):
        yield from text.split()


def _windows(words: list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[start : start + WINDOW]) for start in range(len(words) - WINDOW + 1))


def _new(words: list[str], given: frozenset[tuple[str, ...]]) -> list[str]:
    """Without every stretch that the starter has too."""
    covered: set[int] = set()
    for start in range(len(words) - WINDOW + 1):
        if tuple(words[start : start + WINDOW]) in given:
            covered.update(range(start, start + WINDOW))
    return [word for place, word in enumerate(words) if place not in covered]
