"""EventBridge Scheduler end to end: when schedules come due, whom they call and as whom, and what becomes of failures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, PRINTS, REGION, Stage, stage

QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:inbox"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/timer"
START = 1_800_000_000.0  # Friday, 2027-01-15 08:00 UTC


@pytest.fixture
def at() -> Iterator[Stage]:
    with stage(start=START) as made:
        trust = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        made.client("iam").create_role(RoleName="timer", AssumeRolePolicyDocument=document)
        made.restrict("timer", ["sqs:SendMessage", "lambda:InvokeFunction", "events:PutEvents"])
        yield made


def _schedule(at: Stage, expression: str, arn: str = QUEUE, name: str = "wake", **fields: Any) -> str:
    target = {"Arn": arn, "RoleArn": ROLE, **fields.pop("Target", {})}
    window = fields.pop("FlexibleTimeWindow", {"Mode": "OFF"})
    made = at.client("scheduler").create_schedule(
        Name=name, ScheduleExpression=expression, FlexibleTimeWindow=window, Target=target, **fields
    )
    return str(made["ScheduleArn"])


def _times(at: Stage) -> list[float]:
    return sorted(int(message["Attributes"]["SentTimestamp"]) / 1000 - START for message in at.messages())


def test_a_schedule_calls_a_function_as_its_role(at: Stage) -> None:
    arn = at.function(source=PRINTS)
    schedule = _schedule(at, "rate(10 minutes)", arn)
    at.control.advance(1201)
    at.settle()
    first, _ = at.events()
    assert (first["source"], first["detail-type"], first["detail"], first["resources"]) == (
        "aws.scheduler", "Scheduled Event", "{}", [schedule],
    )  # fmt: skip
    assert first["time"] == "2027-01-15T08:10:00Z"
    assert at.books("scheduler targets")["processed"] == 2


def test_once_means_once_in_the_zone_and_may_delete_itself(at: Stage) -> None:
    at.queue()
    _schedule(
        at,
        "at(2027-01-15T10:30:00)",
        ScheduleExpressionTimezone="Europe/Berlin",
        ActionAfterCompletion="DELETE",
        Target={"Input": "hello"},
    )
    at.control.advance(86_400)
    assert _times(at) == [5400.0]
    assert at.client("scheduler").list_schedules()["Schedules"] == []


def test_cron_follows_the_zone_through_summer_time(at: Stage) -> None:
    """New York changes on 2027-03-14: 09:00 is 14:00 UTC before and 13:00 UTC after."""
    at.queue()
    _schedule(at, "cron(0 9 13-15 3 ? 2027)", ScheduleExpressionTimezone="America/New_York", Target={"Input": "x"})
    at.control.advance(70 * 86_400)
    assert len(at.titles("schedule")) == 3
    entries = [entry for entry in at.control.timeline() if entry["kind"] == "schedule"]
    hours = [(entry["at_ms"] // 3_600_000) % 24 for entry in entries]
    assert hours == [14, 13, 13]


def test_a_flexible_window_spreads_and_stays_inside(at: Stage) -> None:
    at.queue()
    _schedule(at, "rate(1 hour)", FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}, Target={"Input": "x"})
    at.control.advance(5 * 3600)
    late = [when % 3600 for when in _times(at)]
    assert len(late) == 4
    assert all(0 <= each <= 900 for each in late)
    assert len(set(late)) > 1


def test_start_and_end_bound_a_schedule(at: Stage) -> None:
    at.queue()
    _schedule(at, "rate(1 hour)", StartDate=START + 7200, EndDate=START + 4 * 3600 + 1, Target={"Input": "x"})
    at.control.advance(86_400)
    assert _times(at) == [10_800.0, 14_400.0]


def test_an_input_may_name_its_schedule(at: Stage) -> None:
    """Scheduler guide, "managing-schedule-context-attributes"."""
    at.queue()
    arn = _schedule(
        at, "rate(1 hour)", Target={"Input": '{"by": "<aws.scheduler.schedule-arn>", "at": "<aws.scheduler.scheduled-time>"}'}
    )
    at.control.advance(3601)
    assert at.bodies() == [{"by": arn, "at": "2027-01-15T09:00:00Z"}]


def test_any_api_can_be_a_target(at: Stage) -> None:
    """Scheduler guide, "managing-targets-universal"."""
    at.queue()
    url = at.client("sqs").get_queue_url(QueueName="inbox")["QueueUrl"]
    call = json.dumps({"QueueUrl": url, "MessageBody": "hello", "MessageAttributes": {}})
    _schedule(at, "rate(1 hour)", "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", Target={"Input": call})
    at.control.advance(3601)
    assert [message["Body"] for message in at.messages()] == ["hello"]


def test_a_bus_gets_an_event(at: Stage) -> None:
    at.queue(allow="events.amazonaws.com")
    events = at.client("events")
    events.put_rule(Name="all", EventPattern='{"source": ["timer"]}')
    events.put_targets(Rule="all", Targets=[{"Id": "1", "Arn": QUEUE}])
    parameters = {"Source": "timer", "DetailType": "tick"}
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    _schedule(at, "rate(1 hour)", bus, Target={"Input": '{"n": 1}', "EventBridgeParameters": parameters})
    at.control.advance(3601)
    (body,) = at.bodies()
    assert (body["source"], body["detail-type"], body["detail"]) == ("timer", "tick", {"n": 1})


def test_what_the_role_may_not_do_is_a_dead_letter(at: Stage) -> None:
    """Scheduler guide, "configuring-schedule-dlq": the attributes."""
    arn = at.function()
    at.queue("letters")
    at.restrict("timer", ["sqs:SendMessage"])
    letters = QUEUE.replace("inbox", "letters")
    schedule = _schedule(at, "rate(1 hour)", arn, Target={"Input": '{"n": 1}', "DeadLetterConfig": {"Arn": letters}})
    at.control.advance(3601)
    (message,) = at.messages("letters")
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert message["Body"] == '{"n": 1}'
    assert attributes.pop("EXECUTION_ID")
    assert "is not authorized to perform: lambda:InvokeFunction" in attributes.pop("ERROR_MESSAGE")
    assert attributes == {
        "ERROR_CODE": "AccessDeniedException",
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": "0",
        "SCHEDULED_TIME": "2027-01-15T09:00:00Z",
        "SCHEDULE_ARN": schedule,
        "TARGET_ARN": arn,
    }
    assert at.books("scheduler targets")["dead_lettered"] == 1


def test_failures_that_may_pass_are_retried(at: Stage) -> None:
    at.queue()
    broken = {"code": "ServiceUnavailable", "status": 503}
    at.control.add_fault(service="sqs", operation="SendMessage", error=broken, count=2)
    _schedule(at, "rate(1 hour)", Target={"Input": "x", "RetryPolicy": {"MaximumRetryAttempts": 5}})
    at.control.advance(3700)
    assert len(_times(at)) == 1
    assert len(at.titles("retry")) == 2


def test_a_change_of_a_schedule_takes_effect(at: Stage) -> None:
    at.queue()
    _schedule(at, "rate(1 hour)", Target={"Input": "x"})
    at.client("scheduler").update_schedule(
        Name="wake",
        ScheduleExpression="rate(2 hours)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": QUEUE, "RoleArn": ROLE, "Input": "y"},
        State="DISABLED",
    )
    at.control.advance(86_400)
    assert at.messages() == []


@pytest.mark.parametrize(
    ("expression", "fields", "message"),
    [
        ("cron(71 8 1 * ? *)", {}, "Invalid Schedule Expression cron\\(71 8 1"),
        ("rate( 10 minutes )", {}, "Invalid Schedule Expression rate"),
        ("at(2021-12-31)", {}, "Invalid Schedule Expression at"),
        ("rate(1 hour)", {"ScheduleExpressionTimezone": "Mars/Base"}, "ScheduleExpressionTimezone Mars/Base is not valid"),
        ("rate(1 hour)", {"GroupName": "none"}, "Schedule group none does not exist"),
        ("rate(1 hour)", {"Target": {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/worker"}}, "must allow AWS EventBridge Scheduler"),
        ("rate(1 hour)", {"Target": {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:flySouth"}}, "is not a supported target"),
    ],
)
def test_what_cannot_work_is_refused(at: Stage, expression: str, fields: dict[str, Any], message: str) -> None:
    """localstack/localstack test_scheduler.snapshot.json, tests_create_schedule_with_invalid_schedule_expression."""
    with pytest.raises(ClientError, match=message):
        _schedule(at, expression, **fields)
    assert at.client("scheduler").list_schedules()["Schedules"] == []
