"""Policies made ready to ask: patterns cut up once, conditions prepared, statements in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sandbox.iam import match
from sandbox.iam.conditions import Condition, compile_conditions
from sandbox.iam.context import Context
from sandbox.iam.grantee import Grantees
from sandbox.iam.principal import PolicyDocument

UNRESOLVED_NOT_RESOURCE: Final = "variable-without-value-in-NotResource"
_CACHE_SIZE: Final = 4096


@dataclass(frozen=True, slots=True)
class Actions:
    """Lower-case action names and patterns of ``Action`` or ``NotAction``."""

    exact: frozenset[str]
    globs: tuple[match.Matches, ...]
    inverted: bool

    def include(self, action: str) -> bool:
        if action in self.exact:
            return not self.inverted
        for matches in self.globs:
            if matches(action):
                return not self.inverted
        return self.inverted


@dataclass(frozen=True, slots=True)
class Resources:
    """Patterns of ``Resource`` or ``NotResource``. ``templates`` hold variables, filled in for each request."""

    exact: frozenset[str]
    globs: tuple[match.Matches, ...]
    templates: tuple[tuple[match.Token, ...], ...]
    inverted: bool

    def include(self, resource: str, context: Context) -> bool:
        if resource in self.exact:
            return not self.inverted
        for matches in self.globs:
            if matches(resource):
                return not self.inverted
        return (bool(self.templates) and self._filled(resource, context)) is not self.inverted

    def could_include(self, resource: str) -> bool:
        """Whether it includes the resource with some values of its variables; for asking which keys matter."""
        hit = resource in self.exact or any(matches(resource) for matches in self.globs)
        return bool(self.templates) or hit is not self.inverted

    def _filled(self, resource: str, context: Context) -> bool:
        for template in self.templates:
            resolved = match.resolve(template, context.one)
            if resolved is None:
                if self.inverted:
                    context.undecided.add(UNRESOLVED_NOT_RESOURCE)
            elif match.arn_glob(resolved)(resource):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Statement:
    """``grantees`` is None in a policy without Principal; ``resources`` None where none is written (trust policies)."""

    index: int
    sid: str
    allow: bool
    actions: Actions
    resources: Resources | None
    conditions: tuple[Condition, ...]
    grantees: Grantees | None

    def covers(self, action: str, resource: str, context: Context) -> bool:
        """``action`` in lower case. A statement without Resource covers any only if it stands in a resource's own policy."""
        if not self.actions.include(action):
            return False
        if self.resources is None:
            if self.grantees is None:
                return False
        elif not self.resources.include(resource, context):
            return False
        for condition in self.conditions:  # noqa: SIM110  as above
            if not condition.holds(context):
                return False
        return True


Statements = tuple[Statement, ...]


class _Compiled:
    """Documents are compiled once. The document is kept with the answer, so its ``id`` cannot come to mean another one."""

    def __init__(self) -> None:
        self._by_id: dict[int, tuple[PolicyDocument, Statements]] = {}

    def __call__(self, document: PolicyDocument) -> Statements:
        found = self._by_id.get(id(document))
        if found is not None:
            return found[1]
        statements = _compile(document)
        while len(self._by_id) >= _CACHE_SIZE:
            del self._by_id[next(iter(self._by_id))]
        self._by_id[id(document)] = (document, statements)
        return statements


compiled: Callable[[PolicyDocument], Statements] = _Compiled()


def texts(value: Any) -> list[str]:
    """A string or a list of them, as a list."""
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def statements_of(document: PolicyDocument) -> Sequence[Mapping[str, Any]]:
    """``Statement`` may be one object instead of a list."""
    found = document.get("Statement", ())
    return (found,) if isinstance(found, Mapping) else found


def _compile(document: PolicyDocument) -> Statements:
    variables = document.get("Version") == "2012-10-17"
    return tuple(_statement(index, row, variables=variables) for index, row in enumerate(statements_of(document)))


def _statement(index: int, row: Mapping[str, Any], *, variables: bool) -> Statement:
    return Statement(
        index=index,
        sid=str(row.get("Sid", "")),
        allow=row.get("Effect") == "Allow",
        actions=_actions(row),
        resources=_resources(row, variables=variables),
        conditions=compile_conditions(row.get("Condition") or {}, variables=variables),
        grantees=Grantees.of(row),
    )


def _actions(row: Mapping[str, Any]) -> Actions:
    inverted = "NotAction" in row
    patterns = [text.lower() for text in texts(row.get("NotAction" if inverted else "Action", ()))]
    wild = [text for text in patterns if "*" in text or "?" in text]
    return Actions(frozenset(patterns).difference(wild), tuple(match.glob_of(text) for text in wild), inverted)


def _resources(row: Mapping[str, Any], *, variables: bool) -> Resources | None:
    inverted = "NotResource" in row
    if not inverted and "Resource" not in row:
        return None
    exact: set[str] = set()
    globs: list[match.Matches] = []
    templates: list[tuple[match.Token, ...]] = []
    for text in texts(row["NotResource" if inverted else "Resource"]):
        parts = match.tokens(text, variables=variables)
        literal = match.plain(parts)
        if literal is not None:
            exact.add(literal)
        elif not match.has_variable(parts):
            globs.append(match.arn_glob(parts))
        elif not match.variable_too_early(parts):
            templates.append(parts)
    return Resources(frozenset(exact), tuple(globs), tuple(templates), inverted)
