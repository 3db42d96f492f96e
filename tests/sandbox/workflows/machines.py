"""State machines for tests: a stage with a role for them, short ways to define, run and read them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.sandbox.delivery.stage import ACCOUNT, Stage, stage

ROLE = f"arn:aws:iam::{ACCOUNT}:role/machine"
ADDS = "def handler(event, context):\n    return {'n': event['n'] + 1}\n"
PICKY = """
class Busy(Exception):
    pass
calls = []
def handler(event, context):
    calls.append(1)
    if event.get('fail', 0) >= len(calls):
        raise Busy('come back later')
    return {'calls': len(calls)}
"""


@contextmanager
def workflow_stage() -> Iterator[Stage]:
    with stage(start=1_800_000_000.0) as made:
        trust = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        made.client("iam").create_role(RoleName="machine", AssumeRolePolicyDocument=document)
        made.restrict("machine", ["lambda:InvokeFunction", "sqs:*", "sns:*", "dynamodb:*", "events:*", "states:*"])
        yield made


def machine(at: Stage, states: dict[str, Any], name: str = "m", kind: str = "STANDARD", **fields: Any) -> str:
    definition = json.dumps({"StartAt": next(iter(states)), "States": states, **fields})
    sfn = at.client("stepfunctions")
    return str(sfn.create_state_machine(name=name, definition=definition, roleArn=ROLE, type=kind)["stateMachineArn"])


def run(at: Stage, states: dict[str, Any], data: Any = None, **fields: Any) -> dict[str, Any]:
    arn = machine(at, states, **fields)
    started = at.client("stepfunctions").start_execution(stateMachineArn=arn, input=json.dumps(data if data is not None else {}))
    at.settle()
    found: dict[str, Any] = at.client("stepfunctions").describe_execution(executionArn=started["executionArn"])
    return found


def output_of(at: Stage, states: dict[str, Any], data: Any = None) -> Any:
    found = run(at, states, data)
    assert found["status"] == "SUCCEEDED", (found.get("error"), found.get("cause"))
    return json.loads(found["output"])


def event_types(at: Stage, arn: str) -> list[str]:
    return [event["type"] for event in at.client("stepfunctions").get_execution_history(executionArn=arn)["events"]]


def task(resource: str, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, **({} if "Next" in fields else {"End": True}), **fields}


def invoke(function: str = "worker", **fields: Any) -> dict[str, Any]:
    return task(
        "arn:aws:states:::lambda:invoke",
        **{"Parameters": {"FunctionName": function, "Payload.$": "$"}, "OutputPath": "$.Payload", **fields},
    )
