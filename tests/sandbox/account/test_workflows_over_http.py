"""State machines and schedules of an account behind a port, in real time, with the clients learners have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from sandbox.account import local_account
from sandbox.account.local import LocalAccount

STATES = {"W": {"Type": "Wait", "Seconds": 60, "Next": "P"}, "P": {"Type": "Pass", "Result": 5, "End": True}}


@pytest.fixture
def account() -> Iterator[LocalAccount]:
    with local_account(virtual_time=True) as made:
        yield made


def _machine(account: LocalAccount, kind: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = account.client("iam").create_role(RoleName="machine", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    definition = json.dumps({"StartAt": "W", "States": STATES})
    made = account.client("stepfunctions").create_state_machine(name="m", definition=definition, roleArn=role, type=kind)
    return str(made["stateMachineArn"])


def test_a_caller_that_waits_for_an_execution_makes_time_pass(account: LocalAccount) -> None:
    arn = _machine(account, "EXPRESS")
    found = account.client("stepfunctions").start_sync_execution(stateMachineArn=arn)
    assert (found["status"], found["output"]) == ("SUCCEEDED", "5")
    assert found["stopDate"].timestamp() - found["startDate"].timestamp() == pytest.approx(60, abs=0.1)


def test_an_unconfigured_client_reaches_the_synchronous_operation(account: LocalAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its host name has a prefix on AWS, and ``sync-127.0.0.1`` is nowhere."""
    arn = _machine(account, "EXPRESS")
    for name, value in account.environ().items():
        monkeypatch.setenv(name, value)
    client: Any = boto3.session.Session().client("stepfunctions")
    assert client.start_sync_execution(stateMachineArn=arn)["status"] == "SUCCEEDED"


def test_time_moves_executions_on(account: LocalAccount) -> None:
    arn = _machine(account, "STANDARD")
    sfn = account.client("stepfunctions")
    started = sfn.start_execution(stateMachineArn=arn)
    account.control.advance(59)
    assert sfn.describe_execution(executionArn=started["executionArn"])["status"] == "RUNNING"
    account.control.until_quiet()
    assert sfn.describe_execution(executionArn=started["executionArn"])["status"] == "SUCCEEDED"
