from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.account import LocalAccount, local_account
from sandbox.runtime.ration import Ration, Spending

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
LOOPS = "import os\nprint('alive')\ndef handler(event, context):\n    while event.get('loop'): pass\n    return os.getpid()\n"
LOGS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}


@pytest.fixture
def account() -> Iterator[LocalAccount]:
    with local_account(virtual_time=True, ration=Ration(wall_s=0.5, cpu_s=60.0)) as one:
        yield one


def function(account: LocalAccount) -> Any:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("app.py", LOOPS)
    role = account.client("iam").create_role(RoleName="runs", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    account.client("iam").put_role_policy(RoleName="runs", PolicyName="logs", PolicyDocument=json.dumps(LOGS))
    lambda_ = account.client("lambda")
    lambda_.create_function(
        FunctionName="app",
        Role=role,
        Runtime="python3.12",
        Handler="app.handler",
        Code={"ZipFile": archive.getvalue()},
        Timeout=900,
    )
    account.control.advance(30)
    return lambda_


def call(lambda_: Any, **event: Any) -> Any:
    return json.loads(lambda_.invoke(FunctionName="app", Payload=json.dumps(event))["Payload"].read())


def test_a_call_ends_as_timed_out_when_the_ration_does(account: LocalAccount) -> None:
    lambda_ = function(account)
    assert isinstance(call(lambda_), int)
    assert not account.control.info()["ration_used_up"]
    assert "Task timed out after 900.00 seconds" in call(lambda_, loop=True)["errorMessage"]
    assert account.control.info()["ration_used_up"]


def test_afterwards_nothing_is_started_and_every_call_times_out(account: LocalAccount) -> None:
    lambda_ = function(account)
    call(lambda_, loop=True)
    before = len(account.client("logs").filter_log_events(logGroupName="/aws/lambda/app", filterPattern="alive")["events"])
    assert "Task timed out after 900.00 seconds" in call(lambda_)["errorMessage"]
    after = account.client("logs").filter_log_events(logGroupName="/aws/lambda/app", filterPattern="alive")["events"]
    assert (before, len(after)) == (1, 1)


def test_a_reset_of_the_account_renews_it(account: LocalAccount) -> None:
    call(function(account), loop=True)
    account.reset()
    assert not account.control.info()["ration_used_up"]
    assert isinstance(call(function(account)), int)


def test_spending_is_used_up_by_either_kind_of_time() -> None:
    spending = Spending(Ration(wall_s=10.0, cpu_s=2.0))
    spending.add(wall_s=4.0, cpu_s=1.0)
    assert (spending.used_up, spending.left_s) == (False, 6.0)
    spending.add(cpu_s=1.0)
    assert (spending.used_up, spending.left_s) == (True, 0.0)
    spending.renew()
    assert (spending.used_up, spending.left_s) == (False, 10.0)
