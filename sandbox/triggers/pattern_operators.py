"""The comparisons an event pattern may ask of one value: EventBridge's operators (docs, eb-create-pattern-operators)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

NUMBER_MAX = 5e9
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda value, bound: value == bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}


class PatternError(ValueError):
    """What is wrong with a pattern, in the words AWS puts after ``Reason:``."""


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(wanted: Any, value: Any) -> bool:
    """JSON equality: 300 is 300.0, ``true`` is not 1, "300" is not 300."""
    if isinstance(wanted, bool) or isinstance(value, bool) or wanted is None or value is None:
        return wanted is value
    return bool(wanted == value) if is_number(wanted) == is_number(value) else False


def holds(operator: str, operand: Any, value: Any) -> bool:
    """Whether one leaf value of an event satisfies ``{operator: operand}``; ``exists`` is decided by who knows the path."""
    if operator == "numeric":
        return is_number(value) and _numeric(operand, float(value))
    if operator == "cidr":
        return isinstance(value, str) and _inside(operand, value)
    if operator == "anything-but":
        return _anything_but(operand, value)
    return isinstance(value, str) and _text(operator, operand, value)


def wildcard(pattern: str, text: str) -> bool:
    """``*`` stands for any characters, ``\\*`` for a star; linear in the text, whatever the pattern."""
    head, *rest = _pieces(pattern)
    if not rest:
        return text == head
    if not text.startswith(head):
        return False
    at = len(head)
    for piece in rest[:-1]:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(text) - at >= len(rest[-1]) and text.endswith(rest[-1])


def check(operator: str, operand: Any) -> None:
    """Raises PatternError where AWS would refuse ``{operator: operand}``."""
    checker = _CHECKS.get(operator)
    if checker is None:
        raise PatternError(f"Unrecognized match type {operator}")
    checker(operand)


def _text(operator: str, operand: Any, value: str) -> bool:
    if isinstance(operand, dict):  # {"prefix": {"equals-ignore-case": …}}
        operand, value = operand["equals-ignore-case"].lower(), value.lower()
    if operator == "prefix":
        return value.startswith(operand)
    if operator == "suffix":
        return value.endswith(operand)
    if operator == "equals-ignore-case":
        return value.lower() == str(operand).lower()
    return wildcard(operand, value)


def _anything_but(operand: Any, value: Any) -> bool:
    if isinstance(operand, dict):
        ((operator, inner),) = operand.items()
        return not any(isinstance(value, str) and _text(operator, each, value) for each in _listed(inner))
    return not any(same(each, value) for each in _listed(operand))


def _numeric(operand: list[Any], value: float) -> bool:
    return all(_COMPARISONS[operand[at]](value, float(operand[at + 1])) for at in range(0, len(operand), 2))


def _inside(block: str, value: str) -> bool:
    try:
        return ip_address(value) in ip_network(block, strict=False)
    except ValueError:
        return False


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _pieces(pattern: str) -> list[str]:
    pieces, at = [""], 0
    while at < len(pattern):
        if pattern[at] == "*":
            pieces.append("")
        else:
            at += pattern[at] == "\\" and at + 1 < len(pattern)
            pieces[-1] += pattern[at]
        at += 1
    return pieces


def _check_affix(name: str) -> Callable[[Any], None]:
    def checked(operand: Any) -> None:
        if isinstance(operand, dict):
            if set(operand) != {"equals-ignore-case"} or not isinstance(operand["equals-ignore-case"], str):
                raise PatternError(f"Unsupported anything-but pattern: {name}")
        elif not isinstance(operand, str):
            raise PatternError(f"{name} match pattern must be a string")

    return checked


def _check_wildcard(operand: Any) -> None:
    if not isinstance(operand, str):
        raise PatternError("wildcard match pattern must be a string")
    if "**" in operand.replace("\\*", ""):
        raise PatternError(f"Consecutive wildcard characters at pos {operand.index('**')}")


def _check_ignore_case(operand: Any) -> None:
    if not isinstance(operand, str):
        raise PatternError("equals-ignore-case match pattern must be a string")


def _check_exists(operand: Any) -> None:
    if not isinstance(operand, bool):
        raise PatternError("exists match pattern must be either true or false.")


def _check_cidr(operand: Any) -> None:
    if not isinstance(operand, str):
        raise PatternError("prefix match pattern must be a string")
    try:
        ip_network(operand, strict=False)
    except ValueError:
        raise PatternError("Malformed CIDR, one '/' required" if "/" not in operand else "Malformed CIDR") from None


def _check_numeric(operand: Any) -> None:
    if not isinstance(operand, list) or not operand:
        raise PatternError("Value of numeric must be an array.")
    if len(operand) not in (2, 4):
        raise PatternError("Too many elements in numeric expression" if len(operand) > 4 else "Value of numeric must be numeric")
    for at in range(0, len(operand), 2):
        if operand[at] not in _COMPARISONS:
            raise PatternError(f"Unrecognized numeric range operator: {operand[at]}")
        if not is_number(operand[at + 1]):
            raise PatternError(f"Value of {operand[at]} must be numeric")
        if abs(operand[at + 1]) > NUMBER_MAX:
            raise PatternError("Value must be between -5.0E9 and 5.0E9, inclusive")
    if len(operand) == 4:
        _check_range(operand)


def _check_range(operand: list[Any]) -> None:
    first, low, second, high = operand
    if first not in (">", ">="):
        raise PatternError(f"Too many terms in numeric range expression: {first}")
    if second not in ("<", "<="):
        raise PatternError(f"Bad numeric range operator: {second}")
    if low >= high:
        raise PatternError("Bottom must be less than top")


def _check_anything_but(operand: Any) -> None:
    if isinstance(operand, dict):
        if len(operand) != 1:
            raise PatternError("Only one key allowed in match expression")
        ((operator, inner),) = operand.items()
        if operator not in ("prefix", "suffix", "wildcard", "equals-ignore-case"):
            raise PatternError(f"Unsupported anything-but pattern: {operator}")
        for each in _listed(inner) or [None]:
            check(operator, each)
        return
    values = _listed(operand)
    if not values:
        raise PatternError("Empty arrays are not allowed")
    if not (all(isinstance(each, str) for each in values) or all(is_number(each) for each in values)):
        raise PatternError("Inside anything but list, start|null|boolean is not supported.")


_CHECKS: dict[str, Callable[[Any], None]] = {
    "prefix": _check_affix("prefix"),
    "suffix": _check_affix("suffix"),
    "wildcard": _check_wildcard,
    "equals-ignore-case": _check_ignore_case,
    "exists": _check_exists,
    "cidr": _check_cidr,
    "numeric": _check_numeric,
    "anything-but": _check_anything_but,
}
