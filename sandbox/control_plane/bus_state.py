"""EventBridge's state as moto keeps it: rules, archives, replays. Implements ``sandbox.triggers.event_rule.BusState``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.control_plane.world import World
from sandbox.errors import AwsError
from sandbox.triggers.event_rule import EventRule

ARCHIVED_MAX = 100_000
_DAY_S = 86_400.0


class MotoBuses:
    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock

    def rules(self, account_id: str, region: str, bus: str) -> list[EventRule] | None:
        if not self._world.known("events"):
            return [] if bus == "default" else None
        with self._world.entered():
            found = self._world.backend("events", account_id, region).event_buses.get(bus)
            return None if found is None else [_rule(row) for row in found.rules.values()]

    def rule(self, arn: str) -> EventRule | None:
        where = Arn.parse(arn)
        *path, name = where.resource.removeprefix("rule/").split("/")
        rules = self.rules(where.account, where.region, "/".join(path) or "default")
        return next((rule for rule in rules or () if rule.name == name), None)

    def scheduled(self) -> list[EventRule]:
        if not self._world.known("events"):
            return []
        with self._world.entered():
            return [
                _rule(row)
                for regions in dict(self._world.backends("events")).values()
                for backend in dict(regions).values()
                for bus in backend.event_buses.values()
                for row in bus.rules.values()
                if row.scheduled_expression
            ]

    def archive(self, rule: EventRule, event: Mapping[str, Any]) -> None:
        with self._world.entered():
            archives = self._world.backend("events", rule.account_id, rule.region).archives
            archive = archives.get(rule.name.removeprefix("Events-Archive-"))
            if archive is None:
                return
            now = self._clock.now()
            archive.events.append((now, dict(event)))
            oldest = now - float(archive.retention) * _DAY_S if archive.retention else 0.0
            while archive.events and (archive.events[0][0] < oldest or len(archive.events) > ARCHIVED_MAX):
                del archive.events[0]

    def archive_at(self, arn: str) -> Any:
        where = Arn.parse(arn)
        with self._world.entered():
            found = self._world.backend("events", where.account, where.region).archives.get(where.resource.rsplit("/", 1)[-1])
        if found is None:
            raise AwsError("ResourceNotFoundException", f"Archive {where.resource.rsplit('/', 1)[-1]} does not exist.")
        return found

    def replay(self, account_id: str, region: str, name: str) -> Any:
        with self._world.entered():
            return self._world.backend("events", account_id, region).replays[name]

    def set_replay(self, replay: Any, state: str) -> None:
        replay.state = type(replay.state)[state]
        if state == "COMPLETED":
            replay.end_time = self._clock.now()


def _rule(row: Any) -> EventRule:
    return EventRule(
        arn=row.arn,
        name=row.name,
        bus=row.event_bus_name,
        account_id=row.account_id,
        region=row.region_name,
        pattern=row.event_pattern.dump() or "",
        schedule=row.scheduled_expression or "",
        enabled=row.state != "DISABLED",
        targets=tuple(row.targets),
    )
