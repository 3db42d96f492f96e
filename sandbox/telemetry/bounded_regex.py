"""Regular expressions somebody else wrote, run only when they cannot take for ever.

Python's engine backtracks. What makes that explode is refused (a repeat inside a repeat, repeats of anything side by side, back
references), and expression and text are cut to a size at which the rest stays cheap.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from sandbox.errors import AwsError

EXPRESSION_CHARS_MAX = 1_000
TEXT_CHARS_MAX = 4_096
_REPEATS_MAX = 8
_BOUNDED = 16  # a repeat of at most so many counts as no repeat
_REFUSED = ("GROUPREF", "GROUPREF_EXISTS", "ASSERT", "ASSERT_NOT")


class BoundedRegex:
    """``code`` is the AWS error that a refused expression raises."""

    def __init__(self, text: str, code: str, *, ignore_case: bool = False) -> None:
        if len(text) > EXPRESSION_CHARS_MAX:
            raise AwsError(code, f"A regular expression has at most {EXPRESSION_CHARS_MAX} characters.")
        text = re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", text)
        try:
            with warnings.catch_warnings():  # Python warns of sets within sets, which it does not have
                warnings.simplefilter("ignore")
                self._compiled = re.compile(text, re.IGNORECASE if ignore_case else 0)
                tree = import_module("re._parser").parse(text)
        except (re.error, RecursionError, OverflowError) as error:
            raise AwsError(code, f"The regular expression /{text}/ is not valid: {error}") from error
        why = _danger(tree)
        if why:
            raise AwsError(code, f"The regular expression /{text}/ could take for ever: {why}.")

    @property
    def names(self) -> dict[str, int]:
        return dict(self._compiled.groupindex)

    def search(self, text: str) -> re.Match[str] | None:
        return self._compiled.search(text[:TEXT_CHARS_MAX])


def _danger(tree: Any) -> str:
    repeats = 0
    for name, inside, beside in _walk(tree, inside=False):
        if name in _REFUSED:
            return "it looks back or ahead"
        if name == "REPEAT":
            repeats += 1
            if inside:
                return "it repeats a repeat"
            if beside:
                return "it repeats anything twice in a row"
    return "it repeats too often" if repeats > _REPEATS_MAX else ""


def _walk(tree: Any, *, inside: bool) -> Iterator[tuple[str, bool, bool]]:
    """Every node's name, whether it is inside a long repeat, and whether it follows one of the same kind."""
    before = ""
    for operator, argument in tree:
        name = str(operator)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, body = argument
            if int(most) > _BOUNDED:
                yield "REPEAT", inside, repr(body) == before
                before = repr(body)
                yield from _walk(body, inside=True)
            else:
                yield from _walk(body, inside=inside)
            continue
        before = "" if name not in ("SUBPATTERN",) else before
        yield name, inside, False
        if name == "SUBPATTERN":
            yield from _walk(argument[3], inside=inside)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from _walk(branch, inside=inside)
        elif name == "ATOMIC_GROUP":
            yield from _walk(argument, inside=inside)
