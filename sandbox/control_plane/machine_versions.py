"""Versions of state machines, which moto publishes only with CreateStateMachine and UpdateStateMachine."""

from __future__ import annotations

from typing import Any

from sandbox.arn import Arn
from sandbox.control_plane.execution_documents import paged
from sandbox.control_plane.machine_state import MotoMachines
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal


class MachineVersions:
    def __init__(self, services: Services, state: MotoMachines) -> None:
        self._state = state
        services.override("stepfunctions", "PublishStateMachineVersion", self._publish)
        services.override("stepfunctions", "ListStateMachineVersions", self._list)
        services.override("stepfunctions", "DeleteStateMachineVersion", self._delete)

    def _publish(
        self, call: ParsedCall, _request: HttpRequest, _account: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        """What has not changed since the last version is that version again (API reference, "PublishStateMachineVersion")."""
        row = self._row(str(call.params["stateMachineArn"]))
        latest = row.latest_version
        if latest is None or (latest.definition, latest.roleArn) != (row.definition, row.roleArn):
            row.publish(call.params.get("description"))
        return {"creationDate": row.latest_version.creation_date, "stateMachineVersionArn": row.latest_version.arn}

    def _list(
        self, call: ParsedCall, _request: HttpRequest, _account: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        versions = self._row(str(call.params["stateMachineArn"])).versions
        found = [versions[number] for number in sorted(versions, reverse=True)]
        rows, token = paged(found, call.params, 1000)
        shown = [{"stateMachineVersionArn": each.arn, "creationDate": each.creation_date} for each in rows]
        return {"stateMachineVersions": shown} | token

    def _delete(
        self, call: ParsedCall, _request: HttpRequest, _account: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        machine, _, number = str(call.params["stateMachineVersionArn"]).rpartition(":")
        row = self._row(machine)
        for alias in row.aliases.values():
            if any(route["stateMachineVersionArn"] == f"{machine}:{number}" for route in alias.routing_configuration):
                message = f"Version to be deleted must not be referenced by an alias. Current list of aliases: [{alias.name}]"
                raise AwsError("ConflictException", message)
        if number.isdigit():
            row.versions.pop(int(number), None)
        return {}

    def _row(self, arn: str) -> Any:
        where = Arn.parse(arn)
        row = self._state.named(where.account, where.region, where.resource.removeprefix("stateMachine:"))
        if row is None:
            raise AwsError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
        return row
