"""The API model's own constraints (required, length, range, pattern, enum), checked and worded as AWS's front does.

Built from the service model botocore ships, so that a new member or limit comes with a new botocore. Where the model's maximum is
that of Managed Instances, which this account does not have, the quota of ordinary functions applies (facts Q-01, Q-03, Q-14).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Protocol

from botocore.loaders import Loader

from sandbox import facts
from sandbox.functions import refusals

Shape = Mapping[str, Any]
_CAPS = {"MemorySize": "memory_mb", "Timeout": "timeout_s", "EphemeralStorageSize": "tmp_mb"}
_WORDED_BY_LAMBDA = "Runtime"  # a function's own runtime (a layer's are checked here); see runtimes.py
_JAVA_CLASSES = ((r"\p{L}", r"\w"), (r"\p{N}", r"\d"), (r"\p{Z}", r"\s"))


class Check(Protocol):
    def check(self, operation: str, params: Mapping[str, Any]) -> None: ...


class Constraints:
    """``check`` raises ValidationException listing every failure, or returns."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        self._shapes: Mapping[str, Shape] = model["shapes"]
        self._inputs = {name: row["input"]["shape"] for name, row in model["operations"].items() if "input" in row}
        self.operations = frozenset(model["operations"])

    def check(self, operation: str, params: Mapping[str, Any]) -> None:
        shape_name = self._inputs.get(operation)
        failures = list(self._structure(self._shapes[shape_name], params, "")) if shape_name else []
        if failures:
            raise refusals.validation(*failures)

    def _structure(self, shape: Shape, value: Mapping[str, Any], path: str) -> Iterator[str]:
        for member in shape.get("required", ()):
            if value.get(member) is None:
                yield f"Value null at '{_join(path, member)}' failed to satisfy constraint: Member must not be null"
        for member, reference in shape["members"].items():
            if value.get(member) is not None and member != _WORDED_BY_LAMBDA:
                yield from self._member(reference["shape"], value[member], _join(path, member))

    def _member(self, name: str, value: Any, path: str) -> Iterator[str]:
        shape = self._shapes[name]
        if shape["type"] == "structure":
            yield from self._structure(shape, value, path)
            return
        where = f"Value at '{path}'" if shape.get("sensitive") else f"Value '{_shown(value)}' at '{path}'"
        for text in self._broken(name, value):
            yield f"{where} failed to satisfy constraint: {text}"
        if shape["type"] == "list":
            yield from self._list(shape, value, path)
        elif shape["type"] == "map":
            yield from self._map(shape, value, path, where)

    def _list(self, shape: Shape, values: list[Any], path: str) -> Iterator[str]:
        member = shape["member"]["shape"]
        if self._shapes[member]["type"] in {"structure", "list", "map"}:
            for index, value in enumerate(values, start=1):
                yield from self._member(member, value, f"{path}.{index}.member")
        elif any(self._broken(member, value) for value in values):
            yield (
                f"Value '{_shown(values)}' at '{path}' failed to satisfy constraint: "
                f"Member must satisfy constraint: {self._all_of(member)}"
            )

    def _map(self, shape: Shape, values: Mapping[str, Any], path: str, where: str) -> Iterator[str]:
        key, value = shape["key"]["shape"], shape["value"]["shape"]
        if any(self._broken(key, each) for each in values):
            yield f"{where} failed to satisfy constraint: Map keys must satisfy constraint: {self._all_of(key)}"
        if self._shapes[value]["type"] in {"structure", "list", "map"}:
            for name, each in values.items():
                yield from self._member(value, each, f"{path}.{name}.member")
        elif any(self._broken(value, each) for each in values.values()):
            yield f"{where} failed to satisfy constraint: Map value must satisfy constraint: {self._all_of(value)}"

    def _broken(self, name: str, value: Any) -> list[str]:
        return [text for text, holds in self._rules(name) if not holds(value)]

    def _all_of(self, name: str) -> str:
        return f"[{', '.join([text for text, _ in self._rules(name)] + ['Member must not be null'])}]"

    def _rules(self, name: str) -> list[tuple[str, Any]]:
        """Texts and predicates in AWS's order: upper bound, lower bound, pattern, enum."""
        shape = self._shapes[name]
        kind = shape["type"]
        most, least = shape.get("max"), shape.get("min")
        if name in _CAPS:
            most = facts.limit(_CAPS[name])
        rules: list[tuple[str, Any]] = []
        if kind in {"integer", "long", "float", "double"}:
            if most is not None:
                rules.append((f"Member must have value less than or equal to {most}", lambda value: value <= most))
            if least is not None:
                rules.append((f"Member must have value greater than or equal to {least}", lambda value: value >= least))
        elif kind in {"string", "list", "map"}:
            if most is not None:
                rules.append((f"Member must have length less than or equal to {most}", lambda value: len(value) <= most))
            if least is not None:
                rules.append((f"Member must have length greater than or equal to {least}", lambda value: len(value) >= least))
        if "pattern" in shape:
            pattern = _compiled(shape["pattern"])
            text = f"Member must satisfy regular expression pattern: {shape['pattern']}"
            rules.append((text, lambda value: pattern.fullmatch(value) is not None))
        if "enum" in shape:
            allowed = shape["enum"]
            rules.append((f"Member must satisfy enum value set: [{', '.join(allowed)}]", lambda value: value in allowed))
        return rules


def _join(path: str, member: str) -> str:
    name = member[0].lower() + member[1:]
    return f"{path}.{name}" if path else name


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}={_shown(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_shown(each) for each in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    for java, python in _JAVA_CLASSES:
        pattern = pattern.replace(java, python)
    return re.compile(pattern)


@cache
def lambda_constraints() -> Constraints:
    """Of the installed botocore; read on first use, since a world that never calls Lambda's API need not pay for it."""
    return Constraints(Loader().load_service_model("lambda", "service-2"))
