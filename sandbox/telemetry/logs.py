"""Getting a function's log lines into CloudWatch Logs, by the permissions of its execution role, as Lambda does.

Lambda creates the log group and the stream with the function's own role. What that role may not do does not happen; the account
says so once on its timeline, because on AWS nothing says it at all (docs: monitoring-cloudwatchlogs, "no logs appear").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sandbox.telemetry.timeline import Timeline

Record = tuple[int, str]  # epoch milliseconds, message (Text lines end in "\n", as in CloudWatch)
May = Callable[[str, str, str], bool]  # role ARN, action, resource ARN

VERDICTS_MAX = 4_096
COMPLAINTS_MAX = 1_024


class LogSink(Protocol):
    """The log store. Groups and streams exist before anything is put."""

    def has_group(self, account_id: str, region: str, group: str) -> bool: ...

    def has_stream(self, account_id: str, region: str, group: str, stream: str) -> bool: ...

    def create_group(self, account_id: str, region: str, group: str) -> None: ...

    def create_stream(self, account_id: str, region: str, group: str, stream: str) -> None: ...

    def put(self, account_id: str, region: str, group: str, stream: str, records: list[Record]) -> None: ...


class LogDelivery:
    """``revision`` changes whenever a verdict may have: until then verdicts are remembered."""

    def __init__(self, sink: LogSink, may: May, revision: Callable[[], int], timeline: Timeline) -> None:
        self._sink = sink
        self._may = may
        self._revision = revision
        self._timeline = timeline
        self._verdicts: dict[tuple[str, str, str], bool] = {}
        self._seen_revision = -1
        self._complaints: set[tuple[str, str, str]] = set()
        self.dropped = 0  # records that no permission let through

    def deliver(self, account_id: str, region: str, role: str, group: str, stream: str, records: list[Record]) -> bool:
        """False when the role lacks a permission; the records are then gone, as on AWS."""
        if not records:
            return True
        sink = self._sink
        arn = f"arn:aws:logs:{region}:{account_id}:log-group:{group}:log-stream:{stream}"
        if not sink.has_stream(account_id, region, group, stream):
            if not sink.has_group(account_id, region, group):
                if not self._allowed(role, "logs:CreateLogGroup", arn[: -len(stream)], group):
                    return self._lost(records)
                sink.create_group(account_id, region, group)
            if not self._allowed(role, "logs:CreateLogStream", arn, group):
                return self._lost(records)
            sink.create_stream(account_id, region, group, stream)
        if not self._allowed(role, "logs:PutLogEvents", arn, group):
            return self._lost(records)
        sink.put(account_id, region, group, stream, records)
        return True

    def clear(self) -> None:
        self._verdicts.clear()
        self._complaints.clear()
        self.dropped = 0

    def _allowed(self, role: str, action: str, arn: str, group: str) -> bool:
        revision = self._revision()
        if revision != self._seen_revision or len(self._verdicts) >= VERDICTS_MAX:
            self._verdicts.clear()
            self._seen_revision = revision
        key = (role, action, arn)
        verdict = self._verdicts.get(key)
        if verdict is None:
            verdict = self._verdicts[key] = self._may(role, action, arn)
            complaint = (role, action, group)
            if verdict:
                self._complaints.discard(complaint)
            elif complaint not in self._complaints and len(self._complaints) < COMPLAINTS_MAX:
                self._complaints.add(complaint)
                title = f"No logs in {group}: the role may not {action}"
                self._timeline.add("logs", title, role=role, action=action, resource=arn)
        return verdict

    def _lost(self, records: list[Record]) -> bool:
        self.dropped += len(records)
        return False
