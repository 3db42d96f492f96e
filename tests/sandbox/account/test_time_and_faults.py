"""Injected faults and virtual time with real child processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.account import LocalAccount


def test_an_injected_error_is_what_the_client_sees_and_the_record_names_the_rule(
    account: LocalAccount, code_of: Callable[..., str]
) -> None:
    account.client("s3").create_bucket(Bucket="pictures")
    rule = account.control.add_fault(
        service="s3", operation="Put*", error={"code": "SlowDown", "message": "m", "status": 503}, count=1
    )
    put = {"Bucket": "pictures", "Key": "k", "Body": b"x"}
    assert code_of(lambda: account.client("s3").put_object(**put)) == "SlowDown"
    account.client("s3").put_object(**put)
    assert [call["fault"] for call in account.control.calls(operation="PutObject")] == [rule["id"], ""]


def test_an_injected_latency_delays_an_invocation(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    client = make_function(account, make_role(account), "return 1")
    account.control.add_fault(service="lambda", operation="Invoke", latency_s=0.2)
    begun = time.monotonic()
    client.invoke(FunctionName="f")
    assert time.monotonic() - begun >= 0.2
    account.control.set_clock("virtual")
    before = account.control.now()["now"]
    client.invoke(FunctionName="f")
    assert account.control.now()["now"] - before >= 0.2


def test_virtual_time_retries_a_failing_event_when_it_is_advanced(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    account.control.set_clock("virtual")
    client = make_function(account, make_role(account), "print('attempt')\nraise ValueError")
    client.invoke(FunctionName="f", InvocationType="Event")
    account.control.advance(0)

    def attempts() -> int:
        return len([entry for entry in account.control.timeline() if entry["kind"] == "failure"])

    assert attempts() == 1
    account.control.advance(59)
    assert attempts() == 1
    account.control.advance(2)
    assert attempts() == 2
    assert account.control.until_quiet()["quiet"] is True
    assert attempts() == 3
    assert all(row["balanced"] for row in account.control.balance())


def test_a_long_poll_in_virtual_time_ends_by_itself(account: LocalAccount) -> None:
    account.control.set_clock("virtual")
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    before = account.control.now()["now"]
    assert sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []) == []
    assert account.control.now()["now"] - before == pytest.approx(20, abs=1)


@pytest.mark.parametrize(("rule", "ran"), [({"when": "end"}, 1), ({"when": "start"}, 0), ({"after_s": 0.3}, 1)])
def test_a_child_process_is_lost_with_its_answer(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any], rule: dict[str, Any], ran: int
) -> None:
    client = make_function(account, make_role(account), "import time\nprint('RAN')\ntime.sleep(1)\nreturn 1")
    account.control.add_fault(kind="environment", count=1, **rule)
    answer = client.invoke(FunctionName="f")
    assert answer["FunctionError"] == "Unhandled"
    assert b"signal: killed" in answer["Payload"].read()
    logs = account.client("logs").filter_log_events(logGroupName="/aws/lambda/f", filterPattern="RAN")
    assert len(logs["events"]) == ran
    assert client.invoke(FunctionName="f")["Payload"].read() == b"1"


def test_a_delay_holds_up_a_child_process_in_virtual_time_too(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    account.control.set_clock("virtual")
    client = make_function(account, make_role(account), "return 1")
    account.control.add_fault(kind="invocation", latency_s=2)
    before = account.control.now()["now"]
    assert client.invoke(FunctionName="f")["Payload"].read() == b"1"
    client.invoke(FunctionName="f", InvocationType="Event")
    assert account.control.until_quiet()["quiet"] is True
    assert account.control.now()["now"] - before >= 4
    assert all(row["balanced"] and not row["pending"] for row in account.control.balance())


def test_events_that_are_held_at_the_same_moment_all_come_to_their_end(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    account.control.set_clock("virtual")
    client = make_function(account, make_role(account), "return 1")
    client.invoke(FunctionName="f")  # a warm environment: its return starts no timer that would wake the clock
    account.control.add_fault(kind="invocation", latency_s=2)
    for _ in range(3):
        client.invoke(FunctionName="f", InvocationType="Event")
    account.control.advance(3)
    assert [(row["accepted"], row["processed"]) for row in account.control.balance()][:1] == [(3, 3)]


def test_what_is_kept_ready_is_ready_when_its_init_is_over_and_says_when_that_failed(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    account.control.set_clock("virtual")
    client = make_function(account, make_role(account), "return 1")
    shown = []
    for description in ("sound", "broken"):
        version = client.publish_version(FunctionName="f", Description=description)["Version"]
        client.put_provisioned_concurrency_config(FunctionName="f", Qualifier=version, ProvisionedConcurrentExecutions=2)
        account.control.advance(61)  # a minute of preparation
        found = client.get_provisioned_concurrency_config(FunctionName="f", Qualifier=version)
        shown.append((found["Status"], found["AvailableProvisionedConcurrentExecutions"], found.get("StatusReason")))
        client.update_function_configuration(FunctionName="f", Description="another, to publish")
        account.control.add_fault(kind="init", resource="*:function:f:*")
    assert shown == [("READY", 2, None), ("FAILED", 0, "FUNCTION_ERROR_INIT_FAILURE")]


def test_a_running_account_that_was_moved_runs_on_from_there_and_its_functions_with_it(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    client = make_function(account, make_role(account), "import time\nreturn time.time()")
    client.invoke(FunctionName="f")  # its environment is from before
    moved = account.control.advance(3600)
    assert moved["virtual"] is False
    shown = float(client.invoke(FunctionName="f")["Payload"].read())
    assert moved["now"] <= shown <= account.control.now()["now"]


def test_a_timer_set_before_the_account_was_moved_is_due_by_the_moved_clock(account: LocalAccount) -> None:
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="late", DelaySeconds=600)
    account.control.advance(599.5)
    found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    assert [message["Body"] for message in found] == ["late"]
