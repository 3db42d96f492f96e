"""Expressions of a Logs Insights query as trees: read here, worked out in ``insights_values``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.errors import AwsError
from sandbox.telemetry.bounded_regex import BoundedRegex
from sandbox.telemetry.insights_tokens import Token, malformed

_DEPTH_MAX = 40
_COMPARE = ("=", "!=", "<", "<=", ">", ">=")
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


@dataclass(frozen=True, slots=True)
class Constant:
    value: float | str


@dataclass(frozen=True, slots=True)
class Field:
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator; aggregates are calls as well. ``milliseconds`` is the width of ``bin``."""

    name: str
    arguments: tuple[Node, ...] = ()
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class Like:
    subject: Node
    expression: BoundedRegex | None
    text: str = ""


Node = Constant | Field | Call | Like


class Reader:
    """Reads one command's tokens after its name."""

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self.position = 1

    @property
    def done(self) -> bool:
        return self.position >= len(self._tokens)

    def peek(self) -> Token | None:
        return None if self.done else self._tokens[self.position]

    def take(self, kind: str = "") -> Token:
        token = self.peek()
        if token is None:
            raise malformed("unexpected end of the query", self._tokens[-1].end, self._tokens[-1].end)
        if kind and token.kind != kind:
            raise self.unexpected(token)
        self.position += 1
        return token

    def next_is(self, *words: str) -> bool:
        """Takes the word if it comes next."""
        token = self.peek()
        if token is not None and token.kind in ("name", "sign") and token.value.lower() in words:
            self.position += 1
            return True
        return False

    def expect(self, sign: str) -> None:
        if not self.next_is(sign):
            token = self.peek()
            raise self.unexpected(token) if token else malformed(f"{sign!r} is missing", len(self._text), len(self._text))

    def unexpected(self, token: Token) -> AwsError:
        return malformed(
            f"unexpected symbol found {token.value} at line 1 and position {token.start + 1}", token.start, token.end
        )

    def end(self) -> None:
        token = self.peek()
        if token is not None:
            raise self.unexpected(token)

    def named(self) -> tuple[str, Node]:
        """An expression with its name: after ``as``, or the text it was written as."""
        first = self.peek()
        node = self.expression()
        start = first.start if first else 0
        name = " ".join(self._text[start : self._tokens[self.position - 1].end].split())
        if isinstance(node, Field):
            name = node.name
        if self.next_is("as"):
            name = self.take("name").value
        return name, node

    # -- by precedence

    def expression(self, depth: int = 0) -> Node:
        if depth > _DEPTH_MAX:
            raise malformed("the query is nested too deeply", 0, len(self._text))
        node = self._both(depth)
        while self.next_is("or"):
            node = Call("or", (node, self._both(depth)))
        return node

    def _both(self, depth: int) -> Node:
        node = self._negated(depth)
        while self.next_is("and"):
            node = Call("and", (node, self._negated(depth)))
        return node

    def _negated(self, depth: int) -> Node:
        if depth > _DEPTH_MAX:
            raise malformed("the query is nested too deeply", 0, len(self._text))
        if self.next_is("not"):
            return Call("not", (self._negated(depth + 1),))
        return self._compared(depth)

    def _compared(self, depth: int) -> Node:
        left = self._sum(depth)
        token = self.peek()
        if token is None:
            return left
        if token.kind == "sign" and token.value in _COMPARE:
            self.position += 1
            return Call(token.value, (left, self._sum(depth)))
        negated = self.next_is("not")
        if self.next_is("like", "=~"):
            node: Node = self._like(left)
        elif self.next_is("in"):
            node = Call("in", (left, *self._list(depth)))
        elif negated:
            raise self.unexpected(token)
        else:
            return left
        return Call("not", (node,)) if negated else node

    def _like(self, left: Node) -> Like:
        token = self.take()
        if token.kind == "regex":
            return Like(left, BoundedRegex(token.value, "MalformedQueryException"))
        if token.kind != "text":
            raise self.unexpected(token)
        return Like(left, None, token.value)

    def _list(self, depth: int) -> list[Node]:
        self.expect("[")
        found = [self._sum(depth + 1)]
        while self.next_is(","):
            found.append(self._sum(depth + 1))
        self.expect("]")
        return found

    def _sum(self, depth: int) -> Node:
        node = self._product(depth)
        while (token := self.peek()) is not None and token.kind == "sign" and token.value in "+-":
            self.position += 1
            node = Call(token.value, (node, self._product(depth)))
        return node

    def _product(self, depth: int) -> Node:
        node = self._power(depth)
        while (token := self.peek()) is not None and token.kind == "sign" and token.value in "*/%":
            self.position += 1
            node = Call(token.value, (node, self._power(depth)))
        return node

    def _power(self, depth: int) -> Node:
        node = self._primary(depth)
        return Call("^", (node, self._power(depth + 1))) if depth < _DEPTH_MAX and self.next_is("^") else node

    def _primary(self, depth: int) -> Node:
        if self.next_is("("):
            node = self.expression(depth + 1)
            self.expect(")")
            return node
        if self.next_is("-"):
            return Call("-", (Constant(0.0), self._primary(depth + 1)))
        token = self.take()
        if token.kind == "number":
            return Constant(float(token.value))
        if token.kind == "text":
            return Constant(token.value)
        if token.kind != "name":
            raise self.unexpected(token)
        return self._call(token, depth) if self.next_is("(") else Field(token.value)

    def _call(self, name: Token, depth: int) -> Call:
        arguments: list[Node] = []
        width = 0
        while not self.next_is(")"):
            token = self.peek()
            if token is not None and token.kind == "span":
                self.position += 1
                width = _milliseconds(token)
            elif self.next_is("*"):
                pass  # count(*)
            else:
                arguments.append(self.expression(depth + 1))
            if not self.next_is(","):
                self.expect(")")
                break
        return Call(name.value.lower(), tuple(arguments), width)


def _milliseconds(token: Token) -> int:
    digits = token.value.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = token.value[len(digits) :]
    if unit not in _UNITS:
        raise malformed(f"the unit {unit} is not supported by this account", token.start, token.end)
    return max(1, int(float(digits) * _UNITS[unit]))
