"""Faults on purpose: rules that make matching calls fail or wait, replayable from the account's seed.

A rule is JSON in and out (the control channel speaks it). ``service`` is botocore's name; patterns know ``*`` and ``?``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock
from sandbox.errors import AwsError, LearnerError
from sandbox.iam.principal import Principal
from sandbox.ids import Ids

RULES_MAX = 200
LATENCY_S_MAX = 900.0

_TEXT_KEYS = ("service", "operation", "resource", "caller")
_KEYS = ("id", *_TEXT_KEYS, "error", "latency_s", "count", "probability", "from", "until")
_ERROR_KEYS = ("code", "message", "status")


@dataclass(frozen=True, slots=True)
class Fault:
    """What a matching call suffers: an answer instead of its own, a delay before it, or both."""

    rule: str
    code: str = ""
    message: str = ""
    status: int = 0
    latency_s: float = 0.0

    @property
    def error(self) -> AwsError | None:
        return AwsError(self.code, self.message, self.status) if self.code else None


@dataclass(slots=True)
class Rule:
    """``count`` None means always; ``start``/``until`` are epoch seconds on the account's clock."""

    fault: Fault
    patterns: Mapping[str, str]
    count: int | None
    probability: float
    start: float
    until: float
    fired: int = 0
    _compiled: dict[str, re.Pattern[str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._compiled = {key: _pattern(glob) for key, glob in self.patterns.items() if glob != "*"}

    def covers(self, service: str, operation: str, arns: Iterable[str], caller: str) -> bool:
        compiled = self._compiled
        return (
            _fits(compiled.get("service"), (service,))
            and _fits(compiled.get("operation"), (operation,))
            and _fits(compiled.get("caller"), (caller,))
            and _fits(compiled.get("resource"), arns)
        )

    def as_dict(self) -> dict[str, Any]:
        fault = self.fault
        shown: dict[str, Any] = {"id": fault.rule, **self.patterns}
        if fault.code:
            shown["error"] = {"code": fault.code, "message": fault.message, "status": fault.status}
        if fault.latency_s:
            shown["latency_s"] = fault.latency_s
        shown |= {"count": self.count, "probability": self.probability}
        shown["from"] = self.start or None
        shown["until"] = None if self.until == float("inf") else self.until
        return {**shown, "fired": self.fired}


class Faults:
    """Rules are tried in the order they were added; the first that covers a call and wins its draw is used."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._rules: dict[str, Rule] = {}
        self._next = 1

    def add(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        """Validates and adds a rule; returns it completed, with its id. LearnerError names what to mend."""
        if len(self._rules) >= RULES_MAX:
            raise LearnerError(f"There are {RULES_MAX} fault rules already; remove some first.")
        given = rule.get("id")
        name = str(given) if given else f"fault-{self._next}"
        if name in self._rules:
            raise LearnerError(f"There is a fault rule {name!r} already; remove it first or leave out 'id'.")
        made = parse(rule, name)
        self._next += 1
        self._rules[name] = made
        return made.as_dict()

    def remove(self, name: str) -> dict[str, Any]:
        if name not in self._rules:
            known = ", ".join(self._rules) or "none"
            raise LearnerError(f"There is no fault rule {name!r}; the rules are: {known}.")
        return self._rules.pop(name).as_dict()

    def list(self) -> list[dict[str, Any]]:
        return [rule.as_dict() for rule in self._rules.values()]

    def clear(self) -> None:
        self._rules.clear()
        self._next = 1

    def match(self, service: str, operation: str, arns: Iterable[str], principal: Principal | str) -> Fault | None:
        """The fault for this call, or None. Draws only for rules with a probability, so other rules do not shift the sequence."""
        if not self._rules:
            return None
        caller = principal if isinstance(principal, str) else principal.arn
        now = self._clock.now()
        wanted = tuple(arns)
        for rule in self._rules.values():
            if rule.count is not None and rule.fired >= rule.count:
                continue
            if not rule.start <= now < rule.until or not rule.covers(service, operation, wanted, caller):
                continue
            if rule.probability < 1.0 and self._ids.draw() >= rule.probability:
                continue
            rule.fired += 1
            return rule.fault
        return None


def parse(rule: Mapping[str, Any], name: str) -> Rule:
    """A rule out of JSON; LearnerError says which key is wrong and what it may be."""
    unknown = sorted(set(rule) - set(_KEYS))
    if unknown:
        raise LearnerError(f"A fault rule has no {unknown[0]!r}; it knows {', '.join(_KEYS)}.")
    patterns = {key: _text(rule, key) for key in _TEXT_KEYS}
    latency_s = _number(rule, "latency_s", 0.0, 0.0, LATENCY_S_MAX)
    code, message, status = _error(rule.get("error"))
    if not code and not latency_s:
        raise LearnerError("A fault rule needs an effect: 'error' (with a 'code') or 'latency_s' (seconds).")
    count = rule.get("count")
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 1):
        raise LearnerError("'count' says how many calls suffer: a whole number from 1, or leave it out for all of them.")
    start = _number(rule, "from", 0.0, 0.0, float("inf"))
    until = _number(rule, "until", float("inf"), 0.0, float("inf"))
    if until <= start:
        raise LearnerError("'until' must be later than 'from' (both in epoch seconds on the account's clock).")
    fault = Fault(name, code, message, status, latency_s)
    return Rule(fault, patterns, count, _number(rule, "probability", 1.0, 0.0, 1.0), start, until)


def _error(given: Any) -> tuple[str, str, int]:
    if given is None:
        return "", "", 0
    if not isinstance(given, Mapping) or not isinstance(given.get("code"), str) or not given["code"]:
        raise LearnerError(
            "'error' is an object with a 'code' (such as ThrottlingException) and perhaps a 'message' and a 'status'."
        )
    unknown = sorted(set(given) - set(_ERROR_KEYS))
    if unknown:
        raise LearnerError(f"'error' has no {unknown[0]!r}; it knows {', '.join(_ERROR_KEYS)}.")
    status = given.get("status", 400)
    if isinstance(status, bool) or not isinstance(status, int) or not 400 <= status <= 599:
        raise LearnerError("'status' of an error is an HTTP status from 400 to 599.")
    return given["code"], str(given.get("message", "Injected by a fault rule.")), status


def _text(rule: Mapping[str, Any], key: str) -> str:
    value = rule.get(key)
    if value is None or value == "":
        return "*"
    if not isinstance(value, str) or len(value) > 2_048:
        raise LearnerError(f'{key!r} is a text with the wildcards * and ?, such as "s3" or "Put*".')
    return value


def _number(rule: Mapping[str, Any], key: str, absent: float, low: float, high: float) -> float:
    value = rule.get(key)
    if value is None:
        return absent
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        bounds = f"a number from {low:g} to {high:g}" if high != float("inf") else f"a number from {low:g}"
        raise LearnerError(f"{key!r} is {bounds}.")
    return float(value)


def _pattern(glob: str) -> re.Pattern[str]:
    body = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in glob)
    return re.compile(body, re.DOTALL)


def _fits(pattern: re.Pattern[str] | None, texts: Iterable[str]) -> bool:
    return pattern is None or any(pattern.fullmatch(text) for text in texts)
