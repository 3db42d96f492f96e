"""Provisioned concurrency in the account's time.

Lambda guide, provisioned-concurrency: allocation starts "after a minute or two of preparation"; API reference,
GetProvisionedConcurrencyConfig: IN_PROGRESS, READY, FAILED.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import facts
from tests.sandbox.delivery.stage import ECHOES, ROLE, Stage, stage

MINUTE_S = facts.default("provisioned_preparation_s")
ALIAS = {"FunctionName": "worker", "Qualifier": "live"}


@pytest.fixture(scope="module", name="opened")
def open_stage() -> Iterator[Stage]:
    with stage() as at:
        yield at


@pytest.fixture
def at(opened: Stage) -> Stage:
    return opened.again()


def published(at: Stage, source: str = ECHOES) -> None:
    at.function(source=source)
    version = at.client("lambda").publish_version(FunctionName="worker")["Version"]
    at.client("lambda").create_alias(FunctionName="worker", Name="live", FunctionVersion=version)


def provision(at: Stage, wanted: int) -> Any:
    return at.client("lambda").put_provisioned_concurrency_config(**ALIAS, ProvisionedConcurrentExecutions=wanted)


def state(at: Stage) -> tuple[str, int, int]:
    shown = at.client("lambda").get_provisioned_concurrency_config(**ALIAS)
    allocated, available = (shown[f"{word}ProvisionedConcurrentExecutions"] for word in ("Allocated", "Available"))
    return shown["Status"], allocated, available


def reports(at: Stage) -> list[str]:
    lines = at.client("logs").filter_log_events(logGroupName="/aws/lambda/worker", filterPattern="REPORT")["events"]
    return [line["message"] for line in lines]


def test_environments_come_after_a_minute_and_the_first_call_meets_one(at: Stage) -> None:
    published(at)
    assert provision(at, 2)["Status"] == "IN_PROGRESS"
    at.control.advance(MINUTE_S - 1)
    assert state(at) == ("IN_PROGRESS", 0, 0)
    at.control.advance(1)
    assert state(at) == ("READY", 2, 2)
    at.client("lambda").invoke(**ALIAS)
    assert "Init Duration" not in reports(at)[-1]


def test_until_then_a_request_starts_cold(at: Stage) -> None:
    published(at)
    provision(at, 1)
    at.client("lambda").invoke(**ALIAS)
    assert "Init Duration" in reports(at)[-1]


def test_a_failing_init_is_told(at: Stage) -> None:
    published(at, "raise ValueError('no')\n")
    provision(at, 1)
    at.control.advance(MINUTE_S)
    shown = at.client("lambda").get_provisioned_concurrency_config(**ALIAS)
    assert (shown["Status"], shown["StatusReason"]) == ("FAILED", "FUNCTION_ERROR_INIT_FAILURE")


def test_more_are_prepared_and_fewer_end_at_once(at: Stage) -> None:
    published(at)
    provision(at, 1)
    at.control.advance(MINUTE_S)
    provision(at, 3)
    assert state(at) == ("IN_PROGRESS", 1, 1)
    at.control.advance(MINUTE_S)
    assert state(at) == ("READY", 3, 3)
    provision(at, 1)
    assert state(at) == ("READY", 1, 1)


def test_what_was_taken_back_in_the_meantime_is_not_made(at: Stage) -> None:
    published(at)
    provision(at, 1)
    at.client("lambda").delete_provisioned_concurrency_config(**ALIAS)
    at.control.advance(MINUTE_S)
    assert at.control.info()["environments"] == {"busy": 0, "idle": 0}
    with pytest.raises(ClientError, match="No Provisioned Concurrency Config found"):
        state(at)


def test_a_stack_is_complete_when_the_environments_are_there(at: Stage) -> None:
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {"FunctionName": "worker", "Runtime": "python3.13", "Handler": "index.handler", "Role": ROLE,
                       "Code": {"ZipFile": "def handler(event, context):\n    return 1\n"}},
    }  # fmt: skip
    version = {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "F"}}}
    alias = {
        "Type": "AWS::Lambda::Alias",
        "Properties": {"FunctionName": {"Ref": "F"}, "Name": "live", "FunctionVersion": {"Fn::GetAtt": "V.Version"},
                       "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 1}},
    }  # fmt: skip
    cloudformation = at.client("cloudformation")
    template = json.dumps({"Resources": {"F": function, "V": version, "A": alias}})
    cloudformation.create_stack(StackName="s", TemplateBody=template)
    at.control.advance(MINUTE_S / 2)
    assert cloudformation.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"] == "CREATE_IN_PROGRESS"
    at.control.advance(MINUTE_S)
    assert cloudformation.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    assert state(at) == ("READY", 1, 1)
