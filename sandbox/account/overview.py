"""What a panel shows of an account at a glance, without a single recorded call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.account.wiring import Account

ROWS_MAX = 100
LINES_MAX = 20
LINE_CHARS_MAX = 300


def overview(account: Account) -> dict[str, Any]:
    """Functions, queues, alarms and the newest log lines of the learner's account and Region, as JSON."""
    return {
        "now": account.clock.now(),
        "virtual": account.clock.virtual,
        "quiet": account.quiet,
        "functions": _functions(account)[:ROWS_MAX],
        "queues": _queues(account)[:ROWS_MAX],
        "alarms": _alarms(account)[:ROWS_MAX],
        "logs": _lines(account),
        "balanced": all(book.get("balanced", True) for book in account.balance()),
    }


def _functions(account: Account) -> list[dict[str, Any]]:
    region = account.registry.region(account.settings.account_id, account.settings.region)
    rows = []
    for name, record in sorted(region.functions.items()):
        latest = record.latest
        rows.append({"name": name, "runtime": latest.runtime, "state": latest.state, "memory_mb": latest.memory_mb})
    return rows


def _queues(account: Account) -> list[dict[str, Any]]:
    world = account.plane.world
    if not world.known("sqs"):
        return []
    with world.entered():
        queues = world.backend("sqs", account.settings.account_id, account.settings.region).queues
        return [
            {
                "name": name,
                "visible": queue.approximate_number_of_messages,
                "in_flight": queue.approximate_number_of_messages_not_visible,
                "delayed": queue.approximate_number_of_messages_delayed,
            }
            for name, queue in sorted(queues.items())
        ]


def _alarms(account: Account) -> list[dict[str, Any]]:
    found = account.alarms.of(account.settings.account_id, account.settings.region)
    return [{"name": alarm.name, "state": alarm.standing.value, "reason": alarm.standing.reason} for alarm in found]


def _lines(account: Account) -> list[dict[str, Any]]:
    world = account.plane.world
    account.plane.logs.flush()
    if not world.known("logs"):
        return []
    with world.entered():
        groups = world.backend("logs", account.settings.account_id, account.settings.region).groups
        newest = [
            (event.timestamp, name, event.message)
            for name, group in groups.items()
            for stream in group.streams.values()
            for event in stream.events[-LINES_MAX:]
        ]
    newest.sort(key=lambda row: row[0])
    return [
        {"at_ms": at, "group": name, "message": message.rstrip("\n")[:LINE_CHARS_MAX]}
        for at, name, message in newest[-LINES_MAX:]
    ]
