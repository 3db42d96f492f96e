"""The rules of an account, tried in the order they were added: the first that covers and wins its draw strikes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from sandbox.clock import Clock
from sandbox.errors import LearnerError
from sandbox.faults.fault import Fault
from sandbox.faults.rule import Facts, Rule, parse
from sandbox.iam.principal import Principal
from sandbox.ids import Ids

RULES_MAX = 200


class Witness(Protocol):
    """Where every strike is written down: the account's timeline."""

    def add(self, kind: str, title: str, *, cause: int = 0, **detail: Any) -> int: ...


class Faults:
    """Truthy while there is a rule, so that a hot path can pass by."""

    def __init__(self, clock: Clock, ids: Ids, witness: Witness | None = None) -> None:
        self._clock = clock
        self._ids = ids
        self._witness = witness
        self._rules: dict[str, Rule] = {}
        self._next = 1

    def __bool__(self) -> bool:
        return bool(self._rules)

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

    def match(
        self, service: str, operation: str, arns: Iterable[str], principal: Principal | str, cause: int = 0
    ) -> Fault | None:
        """The fault for an API call, or None."""
        if not self._rules:
            return None
        caller = principal if isinstance(principal, str) else principal.arn
        facts = {"service": (service,), "operation": (operation,), "caller": (caller,), "resource": tuple(arns)}
        return self.strike("call", facts, f"{service}:{operation}", cause)

    def strike(self, kind: str, facts: Facts, what: str, cause: int = 0) -> Fault | None:
        """The fault of that kind for ``what``, counted and written down, or None.

        Draws only for rules with a probability, so that other rules do not shift the sequence.
        """
        if not self._rules:
            return None
        now = self._clock.now()
        facts = {**facts, "resource": tuple(name for arn in facts.get("resource", ()) for name in _names(arn))}
        for rule in self._rules.values():
            if rule.kind != kind or not rule.covers(facts, now):
                continue
            if rule.probability < 1.0 and self._ids.draw() >= rule.probability:
                continue
            rule.fired += 1
            if self._witness is not None:
                title = f"Injected by {rule.fault.rule}: {what}: {rule.fault.effect}"
                self._witness.add("fault", title, cause=cause, rule=rule.fault.rule, fault=kind)
            return rule.fault
        return None


def _names(arn: str) -> tuple[str, ...]:
    """A function without a qualifier is its ``$LATEST``, and a rule may name it so."""
    bare = ":function:" in arn and arn.count(":") == 6
    return (arn, f"{arn}:$LATEST") if bare else (arn,)
