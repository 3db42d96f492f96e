"""A deployment group's alarms, looked at again and again while a deployment lasts (user guide, "Monitoring deployments with
CloudWatch alarms in CodeDeploy").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sandbox.clock import Clock, Timer
from sandbox.delivery.errand import Done
from sandbox.errors import AwsError
from sandbox.rollout.deployment import Deployment

_POLL_S = 10.0  # AWS names no figure


class Watched(Protocol):
    deployment: Deployment

    def send(self, service: str, operation: str, params: Mapping[str, Any], done: Done) -> None: ...

    def alarm(self, names: list[str]) -> None: ...

    def refused(self, service: str, error: AwsError) -> None: ...


class AlarmWatch:
    """Tells ``run`` when an alarm of its deployment is in ALARM, also when it has been from the beginning."""

    def __init__(self, run: Watched, clock: Clock) -> None:
        self._run = run
        self._clock = clock
        self._timer: Timer | None = None

    def begin(self, then: Callable[[], None]) -> None:
        """``then`` follows when no alarm stands in the way, or there are none."""
        alarms = self._run.deployment.alarms
        if alarms.get("enabled") and alarms.get("alarms"):
            self._look(then)
        else:
            then()

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, then: Callable[[], None] | None = None) -> None:
        run, alarms = self._run, self._run.deployment.alarms
        names = [alarm["name"] for alarm in alarms["alarms"]]

        def looked(outcome: Mapping[str, Any] | AwsError) -> None:
            if not run.deployment.active:
                return
            if isinstance(outcome, AwsError) and not alarms.get("ignorePollAlarmFailure"):
                run.refused("cloudwatch", outcome)
                return
            firing = [] if isinstance(outcome, AwsError) else _firing(outcome)
            if firing:
                run.alarm(firing)
                return
            self._timer = self._clock.call_later(_POLL_S, self._look, "codedeploy looks at alarms", background=True)
            if then is not None:
                then()

        run.send("cloudwatch", "DescribeAlarms", {"AlarmNames": names, "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}, looked)


def _firing(answer: Mapping[str, Any]) -> list[str]:
    rows = [*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())]
    return [str(row["AlarmName"]) for row in rows if row.get("StateValue") == "ALARM"]
