"""A stack, its resources and its events, as CloudFormation shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Shown = dict[str, Any]
_EVENTS_MAX = 1_000


@dataclass(slots=True)
class Resource:
    """``properties`` are as they were last put in place, with everything resolved."""

    logical_id: str
    type: str
    properties: dict[str, Any] = field(default_factory=dict)
    physical_id: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    status: str = ""
    reason: str = ""
    touched: datetime | None = None
    declaration: Mapping[str, Any] = field(default_factory=dict)
    depends: frozenset[str] = frozenset()
    drift: str = "NOT_CHECKED"


@dataclass(slots=True)
class Stack:
    id: str
    name: str
    account_id: str
    region: str
    created: datetime
    text: str = ""
    template: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    tags: dict[str, str] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    role_arn: str = ""
    status: str = "REVIEW_IN_PROGRESS"
    reason: str = ""
    on_failure: str = "ROLLBACK"
    protected: bool = False
    notifications: list[str] = field(default_factory=list)
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: list[Shown] = field(default_factory=list)
    events: list[Shown] = field(default_factory=list)
    change_sets: dict[str, Any] = field(default_factory=dict)
    change_set_id: str = ""
    token: str = ""
    updated: datetime | None = None
    deleted: datetime | None = None
    drift: Shown = field(default_factory=lambda: {"StackDriftStatus": "NOT_CHECKED"})

    @property
    def busy(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    @property
    def exports(self) -> dict[str, str]:
        return {row["ExportName"]: row["OutputValue"] for row in self.outputs if "ExportName" in row}

    def shown(self) -> Shown:
        shown: Shown = {
            "StackId": self.id,
            "StackName": self.name,
            "CreationTime": self.created,
            "StackStatus": self.status,
            "DisableRollback": self.on_failure == "DO_NOTHING",
            "NotificationARNs": self.notifications,
            "RollbackConfiguration": {},
            "Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()],
            "EnableTerminationProtection": self.protected,
            "DriftInformation": self.drift,
        }
        listed = [
            {"ParameterKey": name, "ParameterValue": "****" if name in self.hidden else value}
            for name, value in self.parameters.items()
        ]
        extra = {
            "Description": self.template.get("Description"),
            "Parameters": listed,
            "Outputs": self.outputs,
            "Capabilities": self.capabilities,
            "RoleARN": self.role_arn,
            "StackStatusReason": self.reason,
            "ChangeSetId": self.change_set_id,
            "LastUpdatedTime": self.updated,
            "DeletionTime": self.deleted,
        }
        return shown | {name: value for name, value in extra.items() if value}

    def summary(self) -> Shown:
        names = ("StackId", "StackName", "CreationTime", "LastUpdatedTime", "DeletionTime", "StackStatus", "StackStatusReason")
        shown = self.shown()
        found = {name: shown[name] for name in names if name in shown}
        description = {"TemplateDescription": shown["Description"]} if "Description" in shown else {}
        return found | description | {"DriftInformation": self.drift}

    def resource_shown(self, resource: Resource) -> Shown:
        shown: Shown = {
            "LogicalResourceId": resource.logical_id,
            "PhysicalResourceId": resource.physical_id,
            "ResourceType": resource.type,
            "ResourceStatus": resource.status,
            "DriftInformation": {"StackResourceDriftStatus": resource.drift},
        }
        return shown | ({"ResourceStatusReason": resource.reason} if resource.reason else {})

    def note(self, event: Shown) -> None:
        """The oldest events give way."""
        self.events.append(event)
        del self.events[:-_EVENTS_MAX]
