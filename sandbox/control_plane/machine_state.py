"""State machines, versions and aliases as moto keeps them."""

from __future__ import annotations

import json
from typing import Any

from sandbox.arn import Arn
from sandbox.control_plane.world import World
from sandbox.errors import AwsError
from sandbox.workflows.execution import Machine


class MotoMachines:
    def __init__(self, world: World) -> None:
        self._world = world

    def named(self, account_id: str, region: str, name: str) -> Any:
        """moto's object, None where there is none."""
        with self._world.entered():
            machines = self._world.backend("stepfunctions", account_id, region).state_machines
            return next((row for row in machines if row.name == name), None)

    def resolve(self, arn: str, draw: float) -> Machine:
        """What an ARN stands for; an alias by its weights. Raises AwsError as StartExecution does."""
        try:
            where = Arn.parse(arn)
        except ValueError:
            raise AwsError("InvalidArn", f"Invalid Arn: 'Invalid ARN prefix: {arn}'") from None
        kind, _, rest = where.resource.partition(":")
        name, _, qualifier = rest.partition(":")
        row = self.named(where.account, where.region, name) if kind == "stateMachine" and where.account.isdigit() else None
        if row is None:
            raise AwsError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
        alias_arn = version_arn = ""
        stored = row
        if qualifier and not qualifier.isdigit():
            alias = row.aliases.get(qualifier)
            if alias is None:
                raise AwsError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
            alias_arn, qualifier = arn, _drawn(alias.routing_configuration, draw)
        if qualifier:
            stored = row.versions.get(int(qualifier))
            if stored is None:
                raise AwsError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
            version_arn = stored.arn
        definition = json.loads(stored.definition)
        return Machine(row.arn, row.name, stored.roleArn, row.type, definition, version_arn, alias_arn)


def _drawn(routes: list[dict[str, Any]], draw: float) -> str:
    at = draw * 100
    for route in routes:
        at -= float(route["weight"])
        if at < 0:
            break
    return str(route["stateMachineVersionArn"]).rsplit(":", 1)[-1]
