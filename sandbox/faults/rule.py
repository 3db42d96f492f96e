"""One rule: what it hits, what that suffers, and how often. JSON in and out; patterns know ``*`` and ``?``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import LearnerError
from sandbox.faults import fields
from sandbox.faults.fault import Fault
from sandbox.faults.kinds import KINDS, Effect

_ALWAYS = ("id", "kind", "count", "probability", "from", "until")

Facts = Mapping[str, Iterable[str]]
"""What is about to happen, by the name of a pattern: one text of several must fit."""


@dataclass(slots=True)
class Rule:
    """``count`` None means always; ``start``/``until`` are epoch seconds on the account's clock."""

    fault: Fault
    kind: str
    effect: Effect
    patterns: Mapping[str, str]
    count: int | None
    probability: float
    start: float
    until: float
    fired: int = 0
    _compiled: dict[str, re.Pattern[str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._compiled = {key: _pattern(glob) for key, glob in self.patterns.items() if glob != "*"}

    def covers(self, facts: Facts, now: float) -> bool:
        """Whether it is this rule's turn; a probability is drawn by the caller."""
        if self.count is not None and self.fired >= self.count:
            return False
        if not self.start <= now < self.until:
            return False
        return all(any(map(pattern.fullmatch, facts.get(key, ()))) for key, pattern in self._compiled.items())

    def as_dict(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": self.fault.rule, "kind": self.kind, **self.patterns, **self.effect}
        shown |= {"count": self.count, "probability": self.probability}
        shown["from"] = self.start or None
        shown["until"] = None if self.until == float("inf") else self.until
        return {**shown, "fired": self.fired}


def parse(rule: Mapping[str, Any], name: str) -> Rule:
    """A rule out of JSON; LearnerError says which key is wrong and what it may be."""
    kind = rule.get("kind") or "call"
    if not isinstance(kind, str) or kind not in KINDS:
        raise LearnerError(f"There is no kind of fault {kind!r}; there are: {', '.join(KINDS)}.")
    form = KINDS[kind]
    fields.known(rule, (*_ALWAYS, *form.patterns, *form.members), f"A fault rule of the kind {kind!r}")
    patterns = {key: fields.text(rule, key) for key in form.patterns}
    effect = form.read(rule)
    count = rule.get("count")
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 1):
        raise LearnerError("'count' says how often the rule strikes: a whole number from 1, or leave it out for always.")
    probability = fields.number(rule, "probability", 1.0, 0.0, 1.0)
    start = fields.number(rule, "from", 0.0, 0.0, float("inf"))
    until = fields.number(rule, "until", float("inf"), 0.0, float("inf"))
    if until <= start:
        raise LearnerError("'until' must be later than 'from' (both in epoch seconds on the account's clock).")
    return Rule(Fault(name, **form.made(effect)), kind, effect, patterns, count, probability, start, until)


def _pattern(glob: str) -> re.Pattern[str]:
    body = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in glob)
    return re.compile(body, re.DOTALL)
