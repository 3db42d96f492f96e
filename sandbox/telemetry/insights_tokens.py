"""The words of a Logs Insights query."""

from __future__ import annotations

import re
from typing import NamedTuple

from sandbox.errors import AwsError

QUERY_CHARS_MAX = 10_000  # StartQuery API reference, queryString
_PLAIN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?P<unit>ms|s|m|h|d|w|mo|q|y)?(?![\w.])
    |"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|`(?P<quoted>[^`]*)`
    |(?P<name>@?[A-Za-z_][\w.@]*|@)|(?P<sign>!=|<=|>=|=~|[=<>()\[\],|+\-*/%^])""",
    re.VERBOSE,
)
_REGEX = re.compile(r"/(?P<body>(?:[^/\\]|\\.)*)/")


class Token(NamedTuple):
    """``kind`` is number, span (a number with a unit of time), text, name, sign or regex."""

    kind: str
    value: str
    start: int
    end: int


def commands(text: str) -> list[list[Token]]:
    """The tokens of each command, split at the pipes. MalformedQueryException where there is no token."""
    if len(text) > QUERY_CHARS_MAX:
        raise malformed(f"a query has at most {QUERY_CHARS_MAX} characters", 0, len(text))
    found: list[list[Token]] = [[]]
    position = 0
    while position < len(text):
        token, position = _next(text, position, found[-1])
        if token is None:
            continue
        if token.kind == "sign" and token.value == "|":
            found.append([])
        else:
            found[-1].append(token)
    return [tokens for tokens in found if tokens]


def _next(text: str, position: int, command: list[Token]) -> tuple[Token | None, int]:
    if text[position] == "/" and _regex_may_stand(command):
        match = _REGEX.match(text, position)
        if match is not None:
            return Token("regex", match["body"].replace(r"\/", "/"), position, match.end()), match.end()
    match = _PLAIN.match(text, position)
    if match is None:
        raise malformed(f"unexpected symbol found {text[position]!r}", position, position + 1)
    return _token(match), match.end()


def _token(match: re.Match[str]) -> Token | None:
    start, end = match.span()
    if match["space"] is not None:
        return None
    if match["number"] is not None:
        return Token("span" if match["unit"] else "number", match[0], start, end)
    if match["double"] is not None or match["single"] is not None:
        body = match["double"] if match["double"] is not None else match["single"]
        return Token("text", re.sub(r"\\(.)", r"\1", body), start, end)
    if match["quoted"] is not None:
        return Token("name", match["quoted"], start, end)
    return Token("name" if match["name"] is not None else "sign", match[0], start, end)


def _regex_may_stand(command: list[Token]) -> bool:
    """A slash is division unless something is being matched."""
    if not command:
        return False
    return command[0].value.lower() == "parse" or command[-1].value.lower() in ("like", "=~")


def malformed(why: str, start: int, end: int) -> AwsError:
    """StartQuery's MalformedQueryException with the place."""
    place = {"startCharOffset": start, "endCharOffset": end}
    return AwsError("MalformedQueryException", why, fields={"queryCompileError": {"location": place, "message": why}})
