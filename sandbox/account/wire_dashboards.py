"""Dashboards: stored by moto, drawn from the account's own metrics and alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.errors import LearnerError
from sandbox.telemetry import dashboard, dashboard_picture

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def dashboard_svg(account: Account, name: str) -> str:
    """LearnerError when the account has no dashboard of that name."""
    account_id, region, world = account.settings.account_id, account.settings.region, account.plane.world
    with world.entered():
        found = world.backend("cloudwatch", account_id, region).get_dashboard(name) if world.known("cloudwatch") else None
        body = str(found.body) if found is not None else ""
    if found is None:
        raise LearnerError(f"there is no dashboard {name!r} in {region}; put one with cloudwatch put-dashboard")

    def state_of(arn: str) -> str:
        parts = arn.split(":", 6)
        alarm = account.alarms.find(parts[4], parts[3], parts[6]) if len(parts) == 7 else None
        return alarm.standing.value if alarm is not None else ""

    drawing = dashboard.read(name, body, account.metrics, account_id, region, account.clock.now(), state_of)
    return dashboard_picture.svg(drawing)
