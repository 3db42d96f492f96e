"""Writes what happens to a stack: its events, its statuses, and the account's timeline."""

from __future__ import annotations

import json

from sandbox.clock import Clock
from sandbox.deployment.stack import Resource, Stack
from sandbox.ids import Ids
from sandbox.telemetry.timeline import Timeline


class Journal:
    def __init__(self, clock: Clock, ids: Ids, timeline: Timeline) -> None:
        self._clock = clock
        self._ids = ids
        self._timeline = timeline

    def stack(self, stack: Stack, status: str, reason: str = "", cause: int = 0) -> None:
        stack.status, stack.reason = status, reason
        event = self._event(stack, stack.name, stack.id, "AWS::CloudFormation::Stack", status, reason)
        stack.note(event)
        self._timeline.add("cloudformation", f"{stack.name}: {status}", cause=cause, stack=stack.id, reason=reason)

    def resource(self, stack: Stack, resource: Resource, status: str, reason: str = "", cause: int = 0) -> None:
        resource.status, resource.reason, resource.touched = status, reason, self._clock.datetime()
        event = self._event(stack, resource.logical_id, resource.physical_id, resource.type, status, reason)
        event["ResourceProperties"] = json.dumps(resource.properties, default=str)
        stack.note(event)
        if not status.endswith("_IN_PROGRESS"):
            title = f"{stack.name}: {resource.logical_id} {status}"
            self._timeline.add("cloudformation", title, cause=cause, type=resource.type, reason=reason)

    def _event(self, stack: Stack, logical: str, physical: str, kind: str, status: str, reason: str) -> dict[str, object]:
        identifier = self._ids.uuid()
        event: dict[str, object] = {
            "StackId": stack.id,
            "EventId": identifier if logical == stack.name else f"{logical}-{status}-{identifier}",
            "StackName": stack.name,
            "LogicalResourceId": logical,
            "PhysicalResourceId": physical,
            "ResourceType": kind,
            "Timestamp": self._clock.datetime(),
            "ResourceStatus": status,
        }
        if reason:
            event["ResourceStatusReason"] = reason
        if stack.token:
            event["ClientRequestToken"] = stack.token
        return event
