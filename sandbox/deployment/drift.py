"""Drift: what the template set, compared with what is there now, for the types that have a ``read``."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sandbox.deployment.api import Asker, Params, Result, StackApi
from sandbox.deployment.kind import Work
from sandbox.deployment.plan import kind_of
from sandbox.deployment.stack import Resource, Stack
from sandbox.errors import AwsError


class DriftApi:
    def __init__(self, api: StackApi) -> None:
        self._api = api
        self._detections: dict[str, Result] = {}
        self._drifts: dict[str, list[Result]] = {}

    def operations(self) -> dict[str, Callable[[Params, Asker], Result]]:
        return {
            "DetectStackDrift": self.detect,
            "DetectStackResourceDrift": self.detect_one,
            "DescribeStackDriftDetectionStatus": self.status,
            "DescribeStackResourceDrifts": self.describe,
        }

    def clear(self) -> None:
        self._detections.clear()
        self._drifts.clear()

    def detect(self, params: Params, asker: Asker) -> Result:
        stack = self._api.stacks.get(asker.account_id, asker.region, params["StackName"])
        rows = [self._compare(stack, resource, asker) for resource in stack.resources.values() if _readable(resource)]
        drifted = [row for row in rows if row["StackResourceDriftStatus"] != "IN_SYNC"]
        now = self._api.clock.datetime()
        stack.drift = {"StackDriftStatus": "DRIFTED" if drifted else "IN_SYNC", "LastCheckTimestamp": now}
        identifier = self._api.desk.ids.uuid()
        self._drifts[stack.id] = rows
        self._detections[identifier] = {
            "StackId": stack.id,
            "StackDriftDetectionId": identifier,
            "StackDriftStatus": stack.drift["StackDriftStatus"],
            "DetectionStatus": "DETECTION_COMPLETE",
            "DriftedStackResourceCount": len(drifted),
            "Timestamp": now,
        }
        return {"StackDriftDetectionId": identifier}

    def detect_one(self, params: Params, asker: Asker) -> Result:
        stack = self._api.stacks.get(asker.account_id, asker.region, params["StackName"])
        resource = stack.resources.get(params["LogicalResourceId"])
        if resource is None or not _readable(resource):
            message = f"Drift detection is not supported for resource {params['LogicalResourceId']}"
            raise AwsError("ValidationError", message)
        return {"StackResourceDrift": self._compare(stack, resource, asker)}

    def status(self, params: Params, _asker: Asker) -> Result:
        found = self._detections.get(params["StackDriftDetectionId"])
        if found is None:
            message = f"Drift detection {params['StackDriftDetectionId']} does not exist"
            raise AwsError("ValidationError", message)
        return found

    def describe(self, params: Params, asker: Asker) -> Result:
        stack = self._api.stacks.get(asker.account_id, asker.region, params["StackName"])
        wanted = params.get("StackResourceDriftStatusFilters")
        rows = self._drifts.get(stack.id, [])
        return {"StackResourceDrifts": [row for row in rows if not wanted or row["StackResourceDriftStatus"] in wanted]}

    def _compare(self, stack: Stack, resource: Resource, asker: Asker) -> Result:
        actual, deleted = self._actual(stack, resource, asker)
        expected = {name: _plain(value) for name, value in resource.properties.items() if name in actual}
        found = {name: _plain(actual.get(name)) for name in expected}
        differences = [
            {
                "PropertyPath": f"/{name}",
                "ExpectedValue": _said(expected[name]),
                "ActualValue": _said(found[name]),
                "DifferenceType": "REMOVE" if found[name] is None else "NOT_EQUAL",
            }
            for name in sorted(expected)
            if expected[name] != found[name]
        ]
        status = "DELETED" if deleted else "MODIFIED" if differences else "IN_SYNC"
        resource.drift = status
        return {
            "StackId": stack.id,
            "LogicalResourceId": resource.logical_id,
            "PhysicalResourceId": resource.physical_id,
            "ResourceType": resource.type,
            "ExpectedProperties": json.dumps(expected),
            "ActualProperties": json.dumps(found),
            "PropertyDifferences": [] if deleted else differences,
            "StackResourceDriftStatus": status,
            "Timestamp": self._api.clock.datetime(),
        }

    def _actual(self, stack: Stack, resource: Resource, asker: Asker) -> tuple[dict[str, Any], bool]:
        kind, api = kind_of(resource.type), self._api
        if kind is None or kind.read is None:
            return {}, False
        names = (stack.name, stack.id, resource.logical_id, resource.type, stack.account_id, stack.region)
        work = Work(*names, api.desk.ids, resource.properties, {}, resource.physical_id)
        ended: list[str] = []
        api.desk.runner.run(kind.read(work), api.caller(asker, stack.role_arn), ended.append)
        return dict(work.attributes.get("drift") or {}), bool(ended and ended[0])


def _readable(resource: Resource) -> bool:
    kind = kind_of(resource.type)
    return kind is not None and kind.read is not None and bool(resource.physical_id)


def _plain(value: Any) -> Any:
    """Scalars as text: a template may write 30 or "30"."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
