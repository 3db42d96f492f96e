"""Members of a rule read out of JSON; a LearnerError says which one is wrong and what it may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.errors import LearnerError

_ERROR_KEYS = ("code", "message", "status")
_MESSAGE = "Injected by a fault rule."


def text(rule: Mapping[str, Any], key: str) -> str:
    """A pattern; ``*`` when it is left out."""
    value = rule.get(key)
    if value is None or value == "":
        return "*"
    if not isinstance(value, str) or len(value) > 2_048:
        raise LearnerError(f'{key!r} is a text with the wildcards * and ?, such as "s3" or "Put*".')
    return value


def number(rule: Mapping[str, Any], key: str, absent: float, low: float, high: float) -> float:
    value = rule.get(key)
    if value is None:
        return absent
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        bounds = f"a number from {low:g} to {high:g}" if high != float("inf") else f"a number from {low:g}"
        raise LearnerError(f"{key!r} is {bounds}.")
    return float(value)


def whole(rule: Mapping[str, Any], key: str, high: int) -> int:
    """0 when it is left out."""
    value = rule.get(key)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= high:
        raise LearnerError(f"{key!r} is a whole number from 1 to {high}.")
    return value


def flag(rule: Mapping[str, Any], key: str) -> bool:
    value = rule.get(key, False)
    if not isinstance(value, bool):
        raise LearnerError(f"{key!r} is true or false.")
    return value


def error(given: Any, status_absent: int) -> dict[str, Any]:
    """``code``, ``message`` and ``status``; empty when there is none."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not isinstance(given.get("code"), str) or not given["code"]:
        raise LearnerError(
            "'error' is an object with a 'code' (such as ThrottlingException) and perhaps a 'message' and a 'status'."
        )
    known(given, _ERROR_KEYS, "'error'")
    status = given.get("status", status_absent)
    if isinstance(status, bool) or not isinstance(status, int) or not 400 <= status <= 599:
        raise LearnerError("'status' of an error is an HTTP status from 400 to 599.")
    return {"code": given["code"], "message": str(given.get("message", _MESSAGE)), "status": status}


def function_error(given: Any) -> dict[str, Any]:
    """``code`` and ``message``, which become a function's errorType and errorMessage: such an error has no status."""
    if isinstance(given, Mapping) and given.get("status") is not None:
        raise LearnerError(
            "'status' belongs to what AWS answers; a function's error has 'code' and 'message'. "
            "To let Lambda refuse the invocation, use the kind 'throttle'."
        )
    found = error(given, 500)
    return {key: found[key] for key in ("code", "message") if key in found}


def known(given: Mapping[str, Any], keys: tuple[str, ...], what: str) -> None:
    unknown = sorted(set(given) - set(keys))
    if unknown:
        raise LearnerError(f"{what} has no {unknown[0]!r}; it knows {', '.join(keys)}.")
