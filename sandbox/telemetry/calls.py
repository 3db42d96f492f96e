"""The recorded calls: who asked for what, on which ARNs, whether they might, by which statement, and what came of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

CALLS_MAX = 20_000


class Record(NamedTuple):
    """One API call. ``statement`` names the policy statement that decided; ``fault`` the rule that interfered, if one did.

    ``undecided`` names questions of IAM that this verdict touched and no recorded answer of AWS settles: no grade rests on it.
    """

    number: int
    at_ms: int
    account_id: str
    region: str
    service: str
    operation: str
    principal: str
    arns: tuple[str, ...]
    allowed: bool
    statement: str
    fault: str
    status: int
    error: str
    duration_ms: float
    request_id: str
    undecided: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {**self._asdict(), "arns": list(self.arns), "undecided": list(self.undecided)}


class CallLog:
    """The newest ``limit`` calls; older ones are dropped and counted. Numbers run on, so a reader can ask for what is new."""

    def __init__(self, limit: int = CALLS_MAX) -> None:
        self._records: deque[Record] = deque(maxlen=limit)
        self.total = 0

    @property
    def dropped(self) -> int:
        return self.total - len(self._records)

    def add(
        self,
        at_ms: int,
        account_id: str,
        region: str,
        service: str,
        operation: str,
        principal: str,
        arns: tuple[str, ...] = (),
        allowed: bool = True,
        statement: str = "",
        fault: str = "",
        status: int = 200,
        error: str = "",
        duration_ms: float = 0.0,
        request_id: str = "",
        undecided: tuple[str, ...] = (),
    ) -> int:
        """Returns the call's number, counted from 1."""
        self.total = number = self.total + 1
        self._records.append(
            Record(
                number, at_ms, account_id, region, service, operation, principal, arns, allowed, statement, fault, status, error,
                duration_ms, request_id, undecided,
            )
        )  # fmt: skip
        return number

    def since(
        self,
        number: int = 0,
        *,
        service: str = "",
        operation: str = "",
        principal: str = "",
        arn: str = "",
        allowed: bool | None = None,
        limit: int = 1_000,
    ) -> list[Record]:
        """Calls after ``number``, oldest first, at most ``limit``; ``principal`` and ``arn`` match any part of the ARN."""
        found = (
            record
            for record in self
            if record.number > number
            and (not service or record.service == service)
            and (not operation or record.operation == operation)
            and (not principal or principal in record.principal)
            and (not arn or any(arn in one for one in record.arns))
            and (allowed is None or record.allowed == allowed)
        )
        return list(islice(found, limit))

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def clear(self) -> None:
        self._records.clear()
        self.total = 0
