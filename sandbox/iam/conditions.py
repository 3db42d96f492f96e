"""Condition operators (IAM user guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys")."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from sandbox.iam import match
from sandbox.iam.context import Context

Quantifier = Literal["", "forallvalues", "foranyvalue"]
Compare = Callable[[str], bool]  # one value of the request against one value of the policy, which is closed over
Prepare = Callable[[str], "Compare | None"]  # None: the policy's value is no number, date, address …; it matches nothing
Expand = Callable[[Context], "Compare | None"]


@dataclass(frozen=True, slots=True)
class _Operator:
    """``variables`` says whether policy variables work in it: strings and ARNs only."""

    prepare: Prepare
    negated: bool = False
    variables: bool = False
    glob: Callable[[Sequence[match.Token]], Compare] | None = None  # the value is a pattern: its tokens count, not its text


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _moment(text: str) -> float | None:
    """ISO 8601 (dates alone and ``Z`` included) or epoch seconds."""
    number = _number(text) if text.lstrip("-").replace(".", "", 1).isdigit() and len(text) != 4 else None
    if number is not None:
        return number
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def date_is_readable(text: str) -> bool:
    """Can a date operator compare with this value?"""
    return _moment(text) is not None


def _ordered(read: Callable[[str], float | None], holds: Callable[[float, float], bool]) -> Prepare:
    def prepare(wanted: str) -> Compare | None:
        right = read(wanted)
        if right is None:
            return None

        def compare(given: str) -> bool:
            left = read(given)
            return left is not None and holds(left, right)

        return compare

    return prepare


def _same_case(wanted: str) -> Compare:
    lowered = wanted.lower()
    return lambda given: given.lower() == lowered


def _address(wanted: str) -> Compare | None:
    try:
        network = ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return None

    def compare(given: str) -> bool:
        try:
            return ipaddress.ip_address(given) in network
        except ValueError:
            return False

    return compare


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _binary(wanted: str) -> Compare | None:
    right = _bytes(wanted)
    return None if right is None else lambda given: _bytes(given) == right


def _exact(wanted: str) -> Compare:
    return wanted.__eq__


_PAIRS: dict[str, tuple[str, _Operator]] = {
    "stringequals": ("stringnotequals", _Operator(_exact, variables=True)),
    "stringequalsignorecase": ("stringnotequalsignorecase", _Operator(_same_case, variables=True)),
    "stringlike": ("stringnotlike", _Operator(match.glob_of, variables=True, glob=match.glob)),
    "numericequals": ("numericnotequals", _Operator(_ordered(_number, lambda a, b: a == b))),
    "dateequals": ("datenotequals", _Operator(_ordered(_moment, lambda a, b: a == b))),
    "ipaddress": ("notipaddress", _Operator(_address)),
    "arnequals": ("arnnotequals", _Operator(match.arn_glob_of, variables=True, glob=match.arn_glob)),
    "arnlike": ("arnnotlike", _Operator(match.arn_glob_of, variables=True, glob=match.arn_glob)),
}
_OPERATORS: dict[str, _Operator] = {
    "numericlessthan": _Operator(_ordered(_number, lambda a, b: a < b)),
    "numericlessthanequals": _Operator(_ordered(_number, lambda a, b: a <= b)),
    "numericgreaterthan": _Operator(_ordered(_number, lambda a, b: a > b)),
    "numericgreaterthanequals": _Operator(_ordered(_number, lambda a, b: a >= b)),
    "datelessthan": _Operator(_ordered(_moment, lambda a, b: a < b)),
    "datelessthanequals": _Operator(_ordered(_moment, lambda a, b: a <= b)),
    "dategreaterthan": _Operator(_ordered(_moment, lambda a, b: a > b)),
    "dategreaterthanequals": _Operator(_ordered(_moment, lambda a, b: a >= b)),
    "bool": _Operator(_same_case),
    "binaryequals": _Operator(_binary),
}
for _name, (_opposite, _operator) in _PAIRS.items():
    _OPERATORS[_name] = _operator
    _OPERATORS[_opposite] = replace(_operator, negated=True)


@dataclass(frozen=True, slots=True)
class Spelling:
    """An operator's name taken apart: ``ForAllValues:StringLikeIfExists``."""

    quantifier: Quantifier
    name: str
    if_exists: bool


def spelling(text: str) -> Spelling | None:
    """None for an operator AWS does not know."""
    head, colon, tail = text.lower().partition(":")
    if colon and head not in ("forallvalues", "foranyvalue"):
        return None
    quantifier: Quantifier = ("forallvalues" if head == "forallvalues" else "foranyvalue") if colon else ""
    name = tail if colon else head
    if name == "null":
        return Spelling(quantifier, name, if_exists=False)
    if_exists = name.endswith("ifexists")
    name = name.removesuffix("ifexists")
    return Spelling(quantifier, name, if_exists) if name in _OPERATORS else None


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key. All conditions of a statement must hold; the values of one are alternatives."""

    key: str
    spelling: Spelling
    wanted: tuple[Expand, ...]
    negated: bool = False
    null: bool | None = None  # operator Null: must the key be missing?

    def holds(self, context: Context) -> bool:
        given = context.values(self.key)
        if self.null is not None:
            return (given is None) is self.null
        if given is None:
            return self._missing()
        # a value whose variable has no value equals nothing: negated operators "do match against a null value" (policy variables)
        compares = [compare for expand in self.wanted if (compare := expand(context)) is not None]
        hits = [any(compare(value) for compare in compares) for value in given]
        if self.spelling.quantifier == "forallvalues":
            return not any(hits) if self.negated else all(hits)
        if self.spelling.quantifier == "foranyvalue":
            return not all(hits) if self.negated else any(hits)
        return not any(hits) if self.negated else any(hits)

    def _missing(self) -> bool:
        """A missing key satisfies negated operators, ``…IfExists`` and ``ForAllValues``; nothing else."""
        if self.spelling.if_exists or self.spelling.quantifier == "forallvalues":
            return True
        return self.negated and self.spelling.quantifier == ""


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in values]


def _expand(operator: _Operator, text: str, *, variables: bool) -> Expand:
    parts = match.tokens(text, variables=variables and operator.variables)
    if operator.glob is match.arn_glob and match.variable_too_early(parts):
        return lambda _: None
    if not match.has_variable(parts):
        fixed = _prepared(operator, parts, text)
        return lambda _: fixed

    def expand(context: Context) -> Compare | None:
        resolved = match.resolve(parts, context.one)
        return None if resolved is None else _prepared(operator, resolved, text)

    return expand


def _prepared(operator: _Operator, parts: Sequence[match.Token], text: str) -> Compare | None:
    if operator.glob is not None:
        return operator.glob(parts)
    spelled = "".join(part.text if isinstance(part, match.Literally) else str(part) for part in parts)
    return operator.prepare(spelled if operator.variables else text)


def compile_conditions(block: Mapping[str, Any], *, variables: bool) -> tuple[Condition, ...]:
    """Conditions of a statement, ready to test. An operator AWS does not know never holds."""
    found: list[Condition] = []
    for name, keys in block.items():
        spelled = spelling(name)
        for key, value in keys.items():
            found.append(_condition(spelled, key, value, variables=variables))
    return tuple(found)


def _condition(spelled: Spelling | None, key: str, value: Any, *, variables: bool) -> Condition:
    if spelled is None:
        return Condition(key.lower(), Spelling("foranyvalue", "unknown", if_exists=False), ())
    texts = _texts(value)
    if spelled.name == "null":
        return Condition(key.lower(), spelled, (), null="true" in (text.lower() for text in texts))
    operator = _OPERATORS[spelled.name]
    wanted = tuple(_expand(operator, text, variables=variables) for text in texts)
    return Condition(key.lower(), spelled, wanted, operator.negated)
