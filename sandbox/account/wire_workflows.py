"""Step Functions: executions by the gate's rules, metrics, events on the bus, and a page in the books."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sandbox.arn import Arn
from sandbox.control_plane.execution_documents import bus_event
from sandbox.control_plane.machine_state import MotoMachines
from sandbox.control_plane.machine_versions import MachineVersions
from sandbox.control_plane.protocol import model
from sandbox.control_plane.state_machines import StateMachines
from sandbox.errors import InternalError
from sandbox.workflows.engine import Engine
from sandbox.workflows.execution import Execution

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_workflows(account: Account) -> None:
    def count(execution: Execution, metric: str, value: float) -> None:
        where, unit = Arn.parse(execution.machine.arn), "Milliseconds" if metric == "ExecutionTime" else "Count"
        place = (where.account, where.region, "AWS/States", metric)
        account.metrics.put(*place, {"StateMachineArn": execution.machine.arn}, value, unit, account.clock.now())

    def changed(execution: Execution) -> None:
        where = Arn.parse(execution.machine.arn)
        account.emit_event(where.account, where.region, bus_event(execution), execution.entry)

    engine = Engine(account.errands, account.clock, account.ids, account.timeline, _models, count, changed)
    state = MotoMachines(account.plane.world)
    StateMachines(account.plane.services, state, engine, account.ids, _knows, account.identities.role_is_assumable)
    MachineVersions(account.plane.services, state)
    account.books.append(lambda: engine.books.report(engine.running))
    account.on_reset.append(engine.clear)


@cache
def _models(service: str, error: str) -> bool:
    names = {name for shape in model(service).error_shapes for name in (shape.name, shape.error_code)}
    return bool({error, f"{error}Exception"} & names)


def _knows(service: str, operation: str) -> bool:
    try:
        return operation in model(service).operation_names
    except InternalError:
        return False
