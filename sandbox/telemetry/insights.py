"""Logs Insights queries over log events: fields, filter, parse, stats, sort, limit, display, dedup.

CloudWatch Logs user guide, "Logs Insights QL". Commands that need what this account has not (pattern, diff, anomaly, join …) are
refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sandbox.telemetry.bounded_regex import TEXT_CHARS_MAX, BoundedRegex
from sandbox.telemetry.insights_fields import Event
from sandbox.telemetry.insights_texts import between, output
from sandbox.telemetry.insights_tokens import Token, commands, malformed
from sandbox.telemetry.insights_tree import Field, Node, Reader
from sandbox.telemetry.insights_values import Row, aggregate, check, number, shown, truth, value_of

LIMIT_MAX = 10_000  # also the default (user guide, "limit")
_PARSED_MAX = 64
_ELSEWHERE = ("pattern", "diff", "anomaly", "join", "unnest", "lookup", "source", "unmask", "filterindex", "subquery")


class _Record:
    """An event (or a group of them) with what the query added."""

    __slots__ = ("_added", "event")

    def __init__(self, event: Event | None, added: dict[str, Any]) -> None:
        self.event = event
        self._added = added

    def get(self, name: str) -> Any:
        if name in self._added:
            return self._added[name]
        return self.event.get(name) if self.event is not None else None

    def add(self, name: str, value: Any) -> None:
        self._added[name] = value


_Rows = list[_Record]
_Step = Callable[[_Rows], _Rows]


class Query:
    """Raises MalformedQueryException when the text is no query."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._steps: list[_Step] = []
        self._shown: list[str] = []
        self._displayed: list[str] | None = None
        self._grouped = False
        self._matched = 0
        found = commands(text)
        if not found:
            raise malformed("the query is empty", 0, 0)
        for tokens in found:
            self._command(tokens)

    def run(self, events: Sequence[Event], limit: int = LIMIT_MAX) -> tuple[list[list[dict[str, str]]], int]:
        """The results as GetQueryResults has them, and how many events matched."""
        rows = [_Record(event, {}) for event in sorted(events, key=lambda event: event.values["@timestamp"], reverse=True)]
        self._matched = len(rows)
        for step in self._steps:
            rows = step(rows)
        matched = self._matched
        names = self._displayed if self._displayed is not None else self._shown
        if not names and not self._grouped:
            names = ["@timestamp", "@message"]
        return [self._result(row, names) for row in rows[: min(limit, LIMIT_MAX)]], matched

    def _result(self, row: _Record, names: Sequence[str]) -> list[dict[str, str]]:
        found = [{"field": name, "value": output(value)} for name in names if (value := row.get(name)) is not None]
        if row.event is not None:
            found.append({"field": "@ptr", "value": str(row.event.values["@ptr"])})
        return found

    def _command(self, tokens: list[Token]) -> None:
        name = tokens[0].value.lower()
        reader = Reader(tokens, self._text)
        known: dict[str, Callable[[Reader], None]] = {
            "fields": self._fields,
            "display": self._display,
            "filter": self._filter,
            "parse": self._parse,
            "stats": self._stats,
            "sort": self._sort,
            "limit": self._take,
            "head": self._take,
            "dedup": self._dedup,
        }
        if name in _ELSEWHERE:
            raise malformed(f"the command {name} is not supported by this account", tokens[0].start, tokens[0].end)
        if name not in known:
            raise reader.unexpected(tokens[0])
        known[name](reader)
        reader.end()

    # -- the commands

    def _fields(self, reader: Reader) -> None:
        for name, node in _list(reader):
            check(node, aggregates=False)
            if name not in self._shown:
                self._shown.append(name)
            self._steps.append(_adding(name, node))

    def _display(self, reader: Reader) -> None:
        self._displayed = []
        for name, node in _list(reader):
            check(node, aggregates=False)
            self._displayed.append(name)
            self._steps.append(_adding(name, node))

    def _filter(self, reader: Reader) -> None:
        node = reader.expression()
        check(node, aggregates=False)
        grouped = self._grouped

        def step(rows: _Rows) -> _Rows:
            kept = [row for row in rows if truth(value_of(node, row))]
            if not grouped:
                self._matched = len(kept)
            return kept

        self._steps.append(step)

    def _parse(self, reader: Reader) -> None:
        following = reader.peek()
        subject: Node | None = None
        if following is not None and following.kind == "name":
            subject = reader.expression()
            check(subject, aggregates=False)
        token = reader.take()
        if token.kind == "regex":
            self._parse_regex(reader, subject, token)
        elif token.kind == "text":
            self._parse_glob(reader, subject, token)
        else:
            raise reader.unexpected(token)

    def _parse_regex(self, reader: Reader, subject: Node | None, token: Token) -> None:
        expression = BoundedRegex(token.value, "MalformedQueryException")
        names = _aliases(reader) if reader.next_is("as") else []

        def step(rows: _Rows) -> _Rows:
            for row in rows:
                match = expression.search(_subject(subject, row))
                if match is None:
                    continue
                pairs = zip(names, match.groups(), strict=False) if names else match.groupdict().items()
                for name, value in pairs:
                    if value is not None:
                        row.add(name, value)
            return rows

        self._steps.append(step)

    def _parse_glob(self, reader: Reader, subject: Node | None, token: Token) -> None:
        pieces = token.value.split("*")
        if not reader.next_is("as"):
            raise malformed("parse with a glob needs names: as …", token.start, token.end)
        names = _aliases(reader)
        if len(names) != len(pieces) - 1 or len(pieces) > _PARSED_MAX:
            raise malformed(f"the pattern has {len(pieces) - 1} wildcards and {len(names)} names", token.start, token.end)

        def step(rows: _Rows) -> _Rows:
            for row in rows:
                for name, value in zip(names, between(pieces, _subject(subject, row)), strict=False):
                    row.add(name, value)
            return rows

        self._steps.append(step)

    def _stats(self, reader: Reader) -> None:
        columns = _list(reader)
        groups = _list(reader) if reader.next_is("by") else []
        for _, node in columns:
            check(node, aggregates=True)
        for _, node in groups:
            check(node, aggregates=False)
        self._grouped = True
        self._displayed = None
        self._shown = [name for name, _ in groups] + [name for name, _ in columns]
        self._steps.append(lambda rows: _grouped(rows, columns, groups))

    def _sort(self, reader: Reader) -> None:
        """After stats, ``sort count(*)`` means the column of that name."""
        keys = []
        while True:
            name, node = reader.named()
            check(node, aggregates=True)
            descending = reader.next_is("desc")
            if not descending:
                reader.next_is("asc")
            keys.append((Field(name) if name in self._shown else node, descending))
            if not reader.next_is(","):
                break

        def step(rows: _Rows) -> _Rows:
            for key, descending in reversed(keys):
                rows = sorted(rows, key=lambda row: _order(value_of(key, row)), reverse=descending)  # used at once
            return rows

        self._steps.append(step)

    def _take(self, reader: Reader) -> None:
        count = int(float(reader.take("number").value))
        if not 1 <= count <= LIMIT_MAX:
            raise malformed(f"limit must be from 1 to {LIMIT_MAX}", 0, 0)
        self._steps.append(lambda rows: rows[:count])

    def _dedup(self, reader: Reader) -> None:
        nodes = [node for _, node in _list(reader)]

        def step(rows: _Rows) -> _Rows:
            seen: set[tuple[str, ...]] = set()
            kept = []
            for row in rows:
                values = [value_of(node, row) for node in nodes]
                key = tuple(shown(value) for value in values if value is not None)
                if key not in seen:
                    seen.add(key)
                    kept.append(row)
            return kept

        self._steps.append(step)


def _grouped(rows: _Rows, columns: list[tuple[str, Node]], groups: list[tuple[str, Node]]) -> _Rows:
    members: dict[tuple[str, ...], _Rows] = {}
    keys: dict[tuple[str, ...], list[Any]] = {}
    for row in rows:
        values = [value_of(node, row) for _, node in groups]
        key = tuple("" if value is None else shown(value) for value in values)
        members.setdefault(key, []).append(row)
        keys[key] = values
    if not groups and not members:
        members[()] = []
        keys[()] = []
    found = []
    for key, inside in members.items():
        added = {name: value for (name, _), value in zip(groups, keys[key], strict=True)}
        for name, node in columns:
            added[name] = aggregate(node, inside, added)
        found.append(_Record(None, added))
    return found


def _adding(name: str, node: Node) -> _Step:
    if isinstance(node, Field) and node.name == name:
        return lambda rows: rows

    def step(rows: _Rows) -> _Rows:
        for row in rows:
            row.add(name, value_of(node, row))
        return rows

    return step


def _list(reader: Reader) -> list[tuple[str, Node]]:
    found = [reader.named()]
    while reader.next_is(","):
        found.append(reader.named())
    return found


def _aliases(reader: Reader) -> list[str]:
    names = [reader.take("name").value]
    while reader.next_is(","):
        names.append(reader.take("name").value)
    return names


def _subject(node: Node | None, row: Row) -> str:
    value = row.get("@message") if node is None else value_of(node, row)
    return "" if value is None else shown(value)[:TEXT_CHARS_MAX]


def _order(value: Any) -> tuple[int, float, str]:
    """Missing first, then numbers, then texts."""
    found = number(value)
    if found is not None:
        return (1, found, "")
    return (0, 0.0, "") if value is None else (2, 0.0, shown(value))
