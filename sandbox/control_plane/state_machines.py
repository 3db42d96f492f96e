"""Step Functions' API of executions, answered here; moto keeps the state machines, which are checked before it stores them.

Refusals in Step Functions' words (localstack/localstack tests/aws/services/stepfunctions/v2/test_sfn_api.snapshot.json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox import facts
from sandbox.arn import Arn
from sandbox.control_plane.execution_documents import described, listed, paged, synchronous
from sandbox.control_plane.machine_state import MotoMachines
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal
from sandbox.ids import Ids
from sandbox.workflows.definition import read
from sandbox.workflows.engine import Engine
from sandbox.workflows.execution import RUNNING, Execution, Machine, moment
from sandbox.workflows.failure import Failure
from sandbox.workflows.integration import Knows

_SERVICE = "states.amazonaws.com"
_NAME_CHARS = 80
_BAD_NAME = re.compile(r"""[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]""")
_NOT_HERE = ("RedriveExecution", "GetActivityTask", "TestState", "UpdateMapRun")

Trusts = Callable[[str, str], bool]
_Handler = Callable[[ParsedCall, str, str], dict[str, Any]]


class StateMachines:
    def __init__(self, services: Services, state: MotoMachines, engine: Engine, ids: Ids, knows: Knows, trusts: Trusts) -> None:
        self._services = services
        self._state = state
        self._engine = engine
        self._ids = ids
        self._knows = knows
        self._trusts = trusts
        services.before.setdefault("stepfunctions", []).append(self._before)
        services.deferred["stepfunctions", "StartSyncExecution"] = self._start_sync
        handlers: dict[str, _Handler] = {
            "StartExecution": self._start,
            "StopExecution": self._stop,
            "DescribeExecution": lambda call, _account, _region: described(self._execution(call)),
            "DescribeStateMachineForExecution": self._machine_for,
            "GetExecutionHistory": self._history,
            "ListExecutions": self._list,
            "SendTaskSuccess": self._task_success,
            "SendTaskFailure": self._task_failure,
            "SendTaskHeartbeat": self._task_heartbeat,
            "ValidateStateMachineDefinition": self._validate,
            **dict.fromkeys(_NOT_HERE, _refuse),
        }
        for operation, handler in handlers.items():
            services.override("stepfunctions", operation, _plain(handler))

    # -- state machines

    def _before(self, call: ParsedCall, account_id: str, region: str) -> None:
        params = call.params
        if call.operation not in ("CreateStateMachine", "UpdateStateMachine"):
            return
        kind = str(params.get("type") or "STANDARD")
        if call.operation == "CreateStateMachine":
            there = self._state.named(account_id, region, str(params["name"]))
            if there is not None and (there.definition, there.roleArn) != (params["definition"], params["roleArn"]):
                raise AwsError("StateMachineAlreadyExists", f"State Machine Already Exists: '{there.arn}'")
        else:
            kind = self._state.resolve(str(params["stateMachineArn"]), 0.0).kind
        if params.get("definition"):
            read(str(params["definition"]), kind, self._knows)
        if params.get("roleArn") and not self._trusts(str(params["roleArn"]), _SERVICE):
            message = f"Neither the global service principal {_SERVICE}, nor the regional one is authorized to assume the "
            raise AwsError("AccessDeniedException", f"{message}provided role.")

    def _validate(self, call: ParsedCall, _account: str, _region: str) -> dict[str, Any]:
        try:
            read(str(call.params["definition"]), str(call.params.get("type") or "STANDARD"), self._knows)
        except AwsError as error:
            reason = str(error.message).removeprefix("Invalid State Machine Definition: '").removesuffix("'")
            code, _, message = reason.partition(": ")
            diagnostic = {"severity": "ERROR", "code": code, "message": message}
            return {"result": "FAIL", "diagnostics": [diagnostic], "truncated": False}
        return {"result": "OK", "diagnostics": [], "truncated": False}

    # -- executions

    def _start(self, call: ParsedCall, _account: str, _region: str) -> dict[str, Any]:
        in_hand = self._services.in_hand
        machine = self._machine(call.params)
        name, text = self._named(call.params), _input(call.params)
        if machine.kind != "EXPRESS":
            where = Arn.parse(machine.arn)
            there = self._engine.executions.get(f"arn:aws:states:{where.region}:{where.account}:execution:{machine.name}:{name}")
            if there is not None:
                if there.status == RUNNING and there.input == text:
                    return _started(there)
                raise AwsError("ExecutionAlreadyExists", f"Execution Already Exists: '{there.arn}'")
        return _started(self._engine.start(machine, name, text, in_hand.cause if in_hand else 0))

    def _start_sync(
        self, call: ParsedCall, _account: str, _region: str, cause: int, answer: Callable[[dict[str, Any] | AwsError], None]
    ) -> None:
        machine = self._machine(call.params)
        if machine.kind != "EXPRESS":
            raise AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
        execution = self._engine.start(machine, self._named(call.params), _input(call.params), cause)
        self._engine.on_end(execution.arn, lambda ended: answer(synchronous(ended)))

    def _stop(self, call: ParsedCall, _account: str, _region: str) -> dict[str, Any]:
        execution = self._execution(call)
        self._engine.stop(execution, str(call.params.get("error") or ""), str(call.params.get("cause") or ""))
        return {"stopDate": moment(execution.stopped)}

    def _machine_for(self, call: ParsedCall, _account: str, _region: str) -> dict[str, Any]:
        execution = self._execution(call)
        machine = execution.machine
        return {
            "stateMachineArn": machine.arn,
            "name": machine.name,
            "definition": json.dumps(machine.definition),
            "roleArn": machine.role_arn,
            "updateDate": moment(execution.started),
        }

    def _history(self, call: ParsedCall, _account: str, _region: str) -> dict[str, Any]:
        events = self._execution(call).events
        if call.params.get("reverseOrder"):
            events = events[::-1]
        rows, token = paged(events, call.params, 1000)
        return {"events": rows} | token

    def _list(self, call: ParsedCall, _account: str, _region: str) -> dict[str, Any]:
        arn, status = str(call.params.get("stateMachineArn") or ""), call.params.get("statusFilter")
        machine = self._state.resolve(arn, 0.0)
        if machine.kind == "EXPRESS":
            raise AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
        named = {machine.arn, machine.version_arn, machine.alias_arn} - {""}
        found = [
            each
            for each in reversed(self._engine.executions.values())
            if named & {each.machine.arn, each.machine.version_arn, each.machine.alias_arn} and status in (None, each.status)
        ]
        rows, token = paged(found, call.params, 1000)
        return {"executions": [listed(each) for each in rows]} | token

    # -- callback tokens

    def _task_success(self, call: ParsedCall, _account: str, _region: str) -> dict[str, Any]:
        try:
            output = json.loads(call.params["output"])
        except ValueError:
            raise AwsError("InvalidOutput", "Invalid Output: 'Invalid JSON'") from None
        self._engine.waiting(str(call.params["taskToken"])).succeed(output)
        return {}

    def _task_failure(self, call: ParsedCall, _account: str, _region: str) -> dict[str, Any]:
        failure = Failure(str(call.params.get("error") or ""), str(call.params.get("cause") or ""))
        self._engine.waiting(str(call.params["taskToken"])).fail(failure)
        return {}

    def _task_heartbeat(self, call: ParsedCall, _account: str, _region: str) -> dict[str, Any]:
        self._engine.waiting(str(call.params["taskToken"])).beat()
        return {}

    # -- inside

    def _machine(self, params: Mapping[str, Any]) -> Machine:
        return self._state.resolve(str(params["stateMachineArn"]), self._ids.draw())

    def _named(self, params: Mapping[str, Any]) -> str:
        name = str(params.get("name") or "") or self._ids.uuid()
        if len(name) > _NAME_CHARS or _BAD_NAME.search(name):
            raise AwsError("InvalidName", f"Invalid Name: '{name}'")
        return name

    def _execution(self, call: ParsedCall) -> Execution:
        arn = str(call.params["executionArn"])
        found = self._engine.executions.get(arn)
        if ":express:" in arn:
            raise AwsError("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'")
        if found is None:
            raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
        return found


def _plain(handler: _Handler) -> Any:
    def override(
        call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        return handler(call, account_id, region)

    return override


def _refuse(call: ParsedCall, _account: str, _region: str) -> dict[str, Any]:
    raise AwsError("ValidationException", f"{call.operation} is not executed by this account.")


def _input(params: Mapping[str, Any]) -> str:
    text = str(params.get("input", "{}"))
    if not text:
        raise AwsError("InvalidExecutionInput", "Invalid State Machine Execution Input: 'Invalid execution input.'")
    try:
        json.loads(text)
    except ValueError as error:
        raise AwsError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'") from None
    if len(text.encode()) > facts.limit("workflow_payload_bytes"):
        most = facts.limit("workflow_payload_bytes")
        message = f"Invalid State Machine Execution Input: 'the input exceeds the maximum number of bytes allowed, {most}'"
        raise AwsError("InvalidExecutionInput", message)
    return text


def _started(execution: Execution) -> dict[str, Any]:
    return {"executionArn": execution.arn, "startDate": moment(execution.started)}
