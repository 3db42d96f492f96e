"""Quiz texts without the book's roles: Markdown that a notebook or a card shows as it is."""

from __future__ import annotations

import re

from sandbox.facts import facts, limit_part, spell, value_words

_ROLE = re.compile(r"\{(?P<role>[a-z-]+)\}`(?P<text>[^`]*)`")
_TITLED = re.compile(r"(?P<words>.*?)\s*<(?P<target>[^<>]*)>", re.DOTALL)


def plain(text: str, *, strict: bool = True) -> str:
    """``{fact}`` and ``{limit}`` become their words, ``{example}`` its text. ValueError names what is not there.

    Without ``strict``, roles of other kinds become their words too.
    """
    return _ROLE.sub(lambda role: _words(role["role"], role["text"], strict), text)


def _words(name: str, text: str, strict: bool) -> str:
    if name == "example":
        return text
    if name == "limit":
        try:
            return spell(*limit_part(text))
        except KeyError as error:
            raise ValueError(error.args[0]) from error
    titled = _TITLED.fullmatch(text)
    if name != "fact":
        if strict:
            raise ValueError(f"role {{{name}}} is not known in a quiz; use fact, limit or example")
        return titled["words"] if titled else text
    fact = facts().get(titled["target"] if titled else text)
    if fact is None:
        raise ValueError(f"there is no fact {text!r} in sandbox/facts.toml")
    return titled["words"] if titled else value_words(fact)
