"""Applications and deployment groups: what CodeDeploy keeps between deployments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ROLLBACK_EVENTS = ("DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST")


@dataclass(slots=True)
class Application:
    name: str
    id: str
    created: datetime
    groups: dict[str, Group] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        return {
            "applicationId": self.id,
            "applicationName": self.name,
            "createTime": self.created,
            "linkedToGitHub": False,
            "computePlatform": "Lambda",
        }


@dataclass(slots=True)
class Group:
    """``alarms``, ``auto_rollback`` and ``triggers`` have CodeDeploy's own shapes."""

    application: str
    name: str
    id: str
    account_id: str
    region: str
    role_arn: str
    config: str
    alarms: Mapping[str, Any] = field(default_factory=dict)
    auto_rollback: Mapping[str, Any] = field(default_factory=dict)
    triggers: list[Mapping[str, Any]] = field(default_factory=list)
    style: Mapping[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    last_attempted: dict[str, Any] = field(default_factory=dict)
    last_successful: dict[str, Any] = field(default_factory=dict)
    revision: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        return f"arn:aws:codedeploy:{self.region}:{self.account_id}:deploymentgroup:{self.application}/{self.name}"

    def shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "applicationName": self.application,
            "deploymentGroupId": self.id,
            "deploymentGroupName": self.name,
            "deploymentConfigName": self.config,
            "serviceRoleArn": self.role_arn,
            "triggerConfigurations": [dict(trigger) for trigger in self.triggers],
            "alarmConfiguration": dict(self.alarms) or {"enabled": False, "ignorePollAlarmFailure": False, "alarms": []},
            "autoRollbackConfiguration": dict(self.auto_rollback) or {"enabled": False},
            "deploymentStyle": dict(self.style),
            "outdatedInstancesStrategy": "UPDATE",
            "computePlatform": "Lambda",
            "terminationHookEnabled": False,
        }
        extra = {
            "lastAttemptedDeployment": self.last_attempted,
            "lastSuccessfulDeployment": self.last_successful,
            "targetRevision": dict(self.revision),
        }
        return shown | {name: value for name, value in extra.items() if value}
