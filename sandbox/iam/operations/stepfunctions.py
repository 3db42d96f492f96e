"""Step Functions. Versions and aliases are asked on their state machine with ``states:StateMachineQualifier``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sandbox.iam.operations.request import Request, Rules, by_name, everything, given, table
from sandbox.iam.verdict import Check

_SERVICE: Final = "states.amazonaws.com"


def _machine(arn: str) -> tuple[str, str]:
    """The state machine's own ARN, and the version or alias that stood behind it."""
    parts = arn.split(":")
    return (":".join(parts[:7]), parts[7]) if len(parts) == 8 and parts[5] == "stateMachine" else (arn, "")


def _on_machine(request: Request) -> Iterable[Check]:
    arn, qualifier = _machine(request.text("stateMachineArn", "stateMachineAliasArn", "stateMachineVersionArn"))
    return [request.own(arn, {"states:StateMachineQualifier": qualifier})]


def _create(request: Request) -> Iterable[Check]:
    arn = request.arn(f"stateMachine:{request.text('name')}")
    return [request.own(arn), *_published(request, arn), *request.pass_role(request.text("roleArn"), _SERVICE, arn)]


def _update(request: Request) -> Iterable[Check]:
    arn, qualifier = _machine(request.text("stateMachineArn"))
    own = request.own(arn, {"states:StateMachineQualifier": qualifier})
    return [own, *_published(request, arn), *request.pass_role(request.text("roleArn"), _SERVICE, arn)]


def _published(request: Request, arn: str) -> list[Check]:
    return [request.check("PublishStateMachineVersion", arn)] if request.params.get("publish") else []


def _create_alias(request: Request) -> Iterable[Check]:
    versions = [str(row.get("stateMachineVersionArn") or "") for row in request.rows("routingConfiguration")]
    machines = dict.fromkeys(_machine(version)[0] for version in versions)
    return [request.own(arn, {"states:StateMachineQualifier": request.text("name")}) for arn in machines or ["*"]]


def _executions(request: Request) -> Iterable[Check]:
    if request.text("mapRunArn"):
        return [request.own(request.text("mapRunArn"))]
    return _on_machine(request)


def _test_state(request: Request) -> Iterable[Check]:
    checks = [request.own("*")]
    if request.params.get("revealSecrets"):
        checks.append(request.check("RevealSecrets", "*"))
    return [*checks, *request.pass_role(request.text("roleArn"), _SERVICE)]


_ON_MACHINE: Final = (
    "DeleteStateMachine DeleteStateMachineAlias DeleteStateMachineVersion DescribeStateMachine DescribeStateMachineAlias "
    "ListStateMachineAliases ListStateMachineVersions PublishStateMachineVersion StartExecution StartSyncExecution "
    "UpdateStateMachineAlias"
)

RULES: Rules = {
    **table(
        {
            given("executionArn"): (
                "DescribeExecution DescribeStateMachineForExecution GetExecutionHistory ListMapRuns RedriveExecution "
                "StopExecution"
            ),
            given("mapRunArn"): "DescribeMapRun UpdateMapRun",
            given("activityArn"): "DeleteActivity DescribeActivity GetActivityTask",
            by_name("activity:{}", "name"): "CreateActivity",
            given("resourceArn"): "ListTagsForResource TagResource UntagResource",
            everything: (
                "ListActivities ListStateMachines SendTaskFailure SendTaskHeartbeat SendTaskSuccess "
                "ValidateStateMachineDefinition"
            ),
        }
    ),
    **dict.fromkeys(_ON_MACHINE.split(), _on_machine),
    "CreateStateMachine": _create,
    "UpdateStateMachine": _update,
    "CreateStateMachineAlias": _create_alias,
    "ListExecutions": _executions,
    "TestState": _test_state,
}
