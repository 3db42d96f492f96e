"""Texts without the book's roles: as a hint, a check's message, a task, a notebook or a card shows them.

Hints and tasks carry the roles themselves and are read through ``plain``. A check's message is made while it runs, perhaps of a
learner's own words, so it says ``fact_words("S-08", "six times")`` or ``limit_words("timeout_s.max")`` in their place.
"""

from __future__ import annotations

import re

from sandbox.facts import facts, limit_part, spell, strange_figures, value_words

_ROLE = re.compile(r"\{(?P<role>[a-z-]+)\}`(?P<text>[^`]*)`")
_TITLED = re.compile(r"(?P<words>.*?)\s*<(?P<target>[^<>]*)>", re.DOTALL)


def plain(text: str, *, strict: bool = True) -> str:
    """``{fact}`` and ``{limit}`` become their words, ``{example}`` its text. ValueError names what is not there.

    Without ``strict``, roles of other kinds become their words too.
    """
    return _ROLE.sub(lambda role: _words(role["role"], role["text"], strict), text)


def fact_words(fact_id: str, words: str = "") -> str:
    """Value and unit of a fact, or ``words``, whose figures the fact must hold. ValueError says what is wrong."""
    fact = facts().get(fact_id)
    if fact is None or fact.confidence == "unverified":
        raise ValueError(f"there is no fact {fact_id!r} in sandbox/facts.toml that may be taught")
    if strange := strange_figures(words, fact):
        raise ValueError(f"fact {fact_id} does not say {', '.join(sorted(strange))}: it says {fact.value!r}")
    return words or value_words(fact)


def limit_words(name_and_part: str) -> str:
    """``timeout_s.max`` as prose has it, ``900 s``. ValueError says what is missing."""
    try:
        return spell(*limit_part(name_and_part))
    except KeyError as error:
        raise ValueError(error.args[0]) from error


def _words(name: str, text: str, strict: bool) -> str:
    if name == "example":
        return text
    if name == "limit":
        return limit_words(text)
    titled = _TITLED.fullmatch(text)
    if name == "fact":
        return fact_words(titled["target"], titled["words"]) if titled else fact_words(text)
    if strict:
        raise ValueError(f"role {{{name}}} is not known here; use fact, limit or example")
    return titled["words"] if titled else text
