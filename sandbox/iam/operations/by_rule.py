"""Operations outside what the course needs, mapped by rule of thumb and listed here so that it is visible.

The rule: the action is called like the operation, and the resource is each ARN among the request's own parameters, or ``*``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sandbox.iam.operations.request import Request, Rule
from sandbox.iam.verdict import Check

_LISTED: Final[Mapping[str, str]] = {}
OPERATIONS: Final[Mapping[str, frozenset[str]]] = {service: frozenset(names.split()) for service, names in _LISTED.items()}


def rule_for(service: str, operation: str) -> Rule | None:
    return _rule if operation in OPERATIONS.get(service, ()) else None


def _rule(request: Request) -> Iterable[Check]:
    arns = [
        value
        for name, value in request.params.items()
        if name.lower().endswith("arn") and isinstance(value, str) and value.startswith("arn:")
    ]
    return [request.own(arn) for arn in arns or ["*"]]
