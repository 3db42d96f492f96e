"""One deployment of a Lambda alias: what was asked, how far it is, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.rollout.group import Group
from sandbox.rollout.pace import Pace
from sandbox.rollout.shift import Shift

EVENTS = ("BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic")
ACTIVE = ("Created", "Queued", "InProgress")
Shown = dict[str, Any]


@dataclass(slots=True)
class LifecycleEvent:
    name: str
    status: str = "Pending"
    started: datetime | None = None
    ended: datetime | None = None
    message: str = ""

    def shown(self) -> Shown:
        shown: Shown = {"lifecycleEventName": self.name, "status": self.status}
        if self.status == "Failed":
            shown["diagnostics"] = {"errorCode": "UnknownError", "scriptName": "", "message": self.message, "logTail": ""}
        return shown | _times(startTime=self.started, endTime=self.ended)


@dataclass(slots=True)
class Deployment:
    """``weight`` is the percentage of the alias's traffic that the target version has by now."""

    id: str
    group: Group
    pace: Pace
    revision: Mapping[str, Any]
    created: datetime
    creator: str = "user"
    description: str = ""
    auto_rollback: Mapping[str, Any] = field(default_factory=dict)
    alarms: Mapping[str, Any] = field(default_factory=dict)
    status: str = "Created"
    shift: Shift | None = None
    weight: int = 0
    started: datetime | None = None
    completed: datetime | None = None
    touched: datetime | None = None
    error: tuple[str, str] | None = None
    rollback: dict[str, str] = field(default_factory=dict)
    events: dict[str, LifecycleEvent] = field(default_factory=lambda: {name: LifecycleEvent(name) for name in EVENTS})
    cause: int = 0

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    @property
    def target_id(self) -> str:
        return f"{self.shift.function}:{self.shift.alias}" if self.shift else ""

    def info(self) -> Shown:
        """GetDeployment's answer."""
        shown: Shown = {
            "applicationName": self.group.application,
            "deploymentGroupName": self.group.name,
            "deploymentConfigName": self.pace.name,
            "deploymentId": self.id,
            "revision": dict(self.revision),
            "status": self.status,
            "deploymentOverview": self._overview(),
            "creator": self.creator,
            "ignoreApplicationStopFailures": False,
            "updateOutdatedInstancesOnly": False,
            "deploymentStyle": {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
            "instanceTerminationWaitTimeStarted": False,
            "fileExistsBehavior": "DISALLOW",
            "computePlatform": "Lambda",
            "deploymentStatusMessages": [],
            **_times(createTime=self.created, startTime=self.started, completeTime=self.completed),
        }
        if self.description:
            shown["description"] = self.description
        if self.auto_rollback:
            shown["autoRollbackConfiguration"] = dict(self.auto_rollback)
        if self.error:
            shown["errorInformation"] = {"code": self.error[0], "message": self.error[1]}
        if self.rollback:
            shown["rollbackInfo"] = dict(self.rollback)
        return shown

    def target(self) -> Shown:
        """The one target of the deployment, as GetDeploymentTarget shows it."""
        if self.shift is None:
            return {}
        shift, region, account = self.shift, self.group.region, self.group.account_id
        status = {"Created": "Pending", "Queued": "Pending", "Stopped": "Failed"}.get(self.status, self.status)
        return {
            "deploymentTargetType": "LambdaTarget",
            "lambdaTarget": {
                "deploymentId": self.id,
                "targetId": self.target_id,
                "targetArn": f"arn:aws:lambda:{region}:{account}:function:{shift.function}:{shift.alias}",
                "status": status,
                "lifecycleEvents": [event.shown() for event in self.events.values()],
                "lambdaFunctionInfo": {
                    "functionName": shift.function,
                    "functionAlias": shift.alias,
                    "currentVersion": shift.current,
                    "targetVersion": shift.target,
                    "targetVersionWeight": self.weight / 100,
                },
                **_times(lastUpdatedAt=self.touched),
            },
        }

    def last(self) -> Shown:
        return {"deploymentId": self.id, "status": self.status, **_times(createTime=self.created, endTime=self.completed)}

    def _overview(self) -> Shown:
        counts = dict.fromkeys(("Pending", "InProgress", "Succeeded", "Failed", "Skipped", "Ready"), 0)
        counts[{"Created": "Pending", "Queued": "Pending", "Stopped": "Failed"}.get(self.status, self.status)] = 1
        return counts


def _times(**moments: datetime | None) -> Shown:
    return {name: at for name, at in moments.items() if at is not None}
