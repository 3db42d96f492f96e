"""Executions in the shapes of Step Functions' answers and of its events on the default bus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.arn import Arn
from sandbox.errors import AwsError
from sandbox.workflows.execution import RUNNING, SUCCEEDED, Execution, moment

_BILLED_STEP_MS, _BILLED_MB = 100, 64


def described(execution: Execution) -> dict[str, Any]:
    found = listed(execution) | {"input": execution.input, "inputDetails": {"included": True}, "redriveCount": 0}
    found |= _outcome(execution)
    if execution.status in (RUNNING, SUCCEEDED):
        found["redriveStatus"] = "NOT_REDRIVABLE"
        found["redriveStatusReason"] = f"Execution is {execution.status} and cannot be redriven"
    return found


def listed(execution: Execution) -> dict[str, Any]:
    machine = execution.machine
    found: dict[str, Any] = {
        "executionArn": execution.arn,
        "stateMachineArn": machine.arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": moment(execution.started),
    }
    if machine.version_arn:
        found["stateMachineVersionArn"] = machine.version_arn
    if machine.alias_arn:
        found["stateMachineAliasArn"] = machine.alias_arn
    if execution.status != RUNNING:
        found["stopDate"] = moment(execution.stopped)
    return found


def synchronous(execution: Execution) -> dict[str, Any]:
    """StartSyncExecution's answer; a failed execution is a successful call."""
    milliseconds = max(1, int((execution.stopped - execution.started) * 1000))
    return {
        "executionArn": execution.arn,
        "stateMachineArn": execution.machine.arn,
        "name": execution.name,
        "startDate": moment(execution.started),
        "stopDate": moment(execution.stopped),
        "status": execution.status,
        "input": execution.input,
        "inputDetails": {"included": True},
        "billingDetails": {
            "billedMemoryUsedInMB": _BILLED_MB,
            "billedDurationInMilliseconds": -(-milliseconds // _BILLED_STEP_MS) * _BILLED_STEP_MS,
        },
        **_outcome(execution),
    }


def bus_event(execution: Execution) -> dict[str, Any]:
    """``Step Functions Execution Status Change`` (guide, "eventbridge-integration"), without its id."""
    where = Arn.parse(execution.machine.arn)
    ended = execution.status != RUNNING
    detail = {
        "executionArn": execution.arn,
        "stateMachineArn": execution.machine.arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": int(execution.started * 1000),
        "stopDate": int(execution.stopped * 1000) if ended else None,
        "input": execution.input,
        "output": execution.output or None,
        "inputDetails": {"included": True},
        "outputDetails": {"included": True} if execution.output else None,
        "error": execution.error or None,
        "cause": execution.cause or None,
    }
    return {
        "version": "0",
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "account": where.account,
        "time": moment(execution.stopped if ended else execution.started).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": where.region,
        "resources": [execution.arn],
        "detail": detail,
    }


def paged(rows: Sequence[Any], params: Mapping[str, Any], most: int) -> tuple[Sequence[Any], dict[str, str]]:
    """A page of rows and the token of the next one; tokens are positions."""
    token = str(params.get("nextToken") or "0")
    if not token.isdigit():
        raise AwsError("InvalidToken", "Invalid Token: 'Invalid token'")
    start, size = int(token), min(int(params.get("maxResults") or 0) or 100, most)
    following = start + size
    return rows[start:following], {"nextToken": str(following)} if following < len(rows) else {}


def _outcome(execution: Execution) -> dict[str, Any]:
    if execution.status == SUCCEEDED:
        return {"output": execution.output, "outputDetails": {"included": True}}
    return {name: value for name, value in (("error", execution.error), ("cause", execution.cause)) if value}
