"""Event patterns: EventBridge rules, pipes and the filters of event source mappings share this syntax.

A pattern's fields must all be there (and), each lists alternatives (or); an array in the event matches when an element does
(docs: eb-event-patterns, eb-arrays). Fields are tested one object of an array at a time, so that two fields meet in one element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.triggers.pattern_operators import PatternError, check, holds, same

__all__ = ["PatternError", "matches", "validate"]

_OR = "$or"
_OPERATORS = frozenset(
    ("prefix", "suffix", "anything-but", "numeric", "exists", "cidr", "wildcard", "equals-ignore-case"),
)


def matches(pattern: Mapping[str, Any], event: Any) -> bool:
    """Whether an event satisfies a pattern that ``validate`` accepts. The empty pattern takes everything."""
    if isinstance(event, list):
        return any(matches(pattern, each) for each in event)
    found = event if isinstance(event, Mapping) else {}
    for name, wanted in pattern.items():
        if _is_or(name, wanted):
            if not any(matches(each, event) for each in wanted):
                return False
        elif isinstance(wanted, Mapping):
            if not matches(wanted, found.get(name)):
                return False
        elif not _field(wanted, found, name):
            return False
    return True


def validate(pattern: Any) -> None:
    """Raises PatternError where AWS refuses the pattern."""
    if not isinstance(pattern, dict):
        raise PatternError("Filter is not an object")
    for name, wanted in pattern.items():
        if _is_or(name, wanted):
            for each in wanted:
                validate(each)
        elif isinstance(wanted, dict):
            if not wanted:
                raise PatternError("Empty objects are not allowed")
            validate(wanted)
        elif isinstance(wanted, list):
            _validate_alternatives(wanted)
        else:
            raise PatternError(f'"{name}" must be an object or an array')


def _is_or(name: str, wanted: Any) -> bool:
    """``$or`` is the operator only over two or more objects that are patterns themselves; otherwise it is a field's name."""
    if name != _OR or not isinstance(wanted, list) or len(wanted) < 2:
        return False
    return all(isinstance(each, dict) and each and not set(each) <= _OPERATORS for each in wanted)


def _field(alternatives: list[Any], event: Mapping[str, Any], name: str) -> bool:
    leaves = list(_leaves(event[name])) if name in event else []
    return any(_one(wanted, leaves) for wanted in alternatives)


def _one(wanted: Any, leaves: list[Any]) -> bool:
    if not isinstance(wanted, dict):
        return any(same(wanted, leaf) for leaf in leaves)
    ((operator, operand),) = wanted.items()
    if operator == "exists":
        return bool(leaves) is operand
    return any(holds(operator, operand, leaf) for leaf in leaves)


def _leaves(value: Any) -> Iterator[Any]:
    """Values without children, arrays opened; an object or an empty array counts as absent (docs: "exists" works on leaves)."""
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif not isinstance(value, Mapping):
        yield value


def _validate_alternatives(alternatives: list[Any]) -> None:
    if not alternatives:
        raise PatternError("Empty arrays are not allowed")
    for wanted in alternatives:
        if isinstance(wanted, list):
            raise PatternError("Match value must be String, number, true, false, or null")
        if isinstance(wanted, dict):
            if len(wanted) != 1:
                raise PatternError("Only one key allowed in match expression")
            ((operator, operand),) = wanted.items()
            check(operator, operand)
