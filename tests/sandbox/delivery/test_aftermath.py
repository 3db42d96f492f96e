"""Dead-letter queues and destinations, through the account's own API and its gate."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.delivery.stage import ECHOES, PRINTS, RAISES, Stage, stage


@pytest.fixture(scope="module")
def account_of_module() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.fixture
def on_stage(account_of_module: Stage) -> Stage:
    return account_of_module.again()


def _configure(at: Stage, **config: Any) -> None:
    at.client("lambda").put_function_event_invoke_config(FunctionName="worker", **config)


def _to(arn: str, which: str = "OnFailure") -> dict[str, Any]:
    return {which: {"Destination": arn}}


def test_a_failed_event_goes_to_the_dead_letter_queue_as_it_was(on_stage: Stage) -> None:
    """localstack/localstack test_lambda_destinations.snapshot.json, test_dead_letter_queue, 2024-03-21."""
    on_stage.function(source=RAISES, DeadLetterConfig={"TargetArn": on_stage.queue()})
    on_stage.start(payload={"order": 7})
    on_stage.settle()
    (message,) = on_stage.messages()
    attributes = message["MessageAttributes"]
    assert message["Body"] == '{"order": 7}'
    assert attributes["ErrorCode"] == {"StringValue": "200", "DataType": "Number"}
    assert attributes["ErrorMessage"] == {"StringValue": "no", "DataType": "String"}
    assert len(attributes["RequestID"]["StringValue"]) == 36
    assert on_stage.books("asynchronous events")["dead_lettered"] == 1
    assert on_stage.metric("DeadLetterErrors") == 0


def test_a_dead_letter_queue_that_the_role_may_not_use_is_counted_and_shown(on_stage: Stage) -> None:
    on_stage.function(source=RAISES, DeadLetterConfig={"TargetArn": on_stage.queue()})
    on_stage.restrict("worker", ["logs:*"])
    on_stage.start()
    on_stage.settle()
    assert on_stage.messages() == []
    assert on_stage.metric("DeadLetterErrors") == 1
    assert on_stage.titles("dead letter") == ["Dead letter not delivered: inbox"]
    assert on_stage.books("asynchronous events")["dropped"] == {"RetriesExhausted": 1}
    refused = [call for call in on_stage.control.calls() if call["operation"] == "SendMessage"]
    assert [(call["allowed"], call["error"]) for call in refused] == [(False, "AccessDenied")]


def test_a_topic_takes_dead_letters_too(on_stage: Stage) -> None:
    topic = on_stage.client("sns").create_topic(Name="dead")["TopicArn"]
    on_stage.function(source=RAISES, DeadLetterConfig={"TargetArn": topic})
    on_stage.start()
    on_stage.settle()
    assert on_stage.titles("dead letter") == ["Dead letter delivered: dead"]


def test_an_on_failure_record_tells_what_was_asked_and_what_came_of_it(on_stage: Stage) -> None:
    """localstack/localstack test_lambda_destinations.snapshot.json, test_retries and default_retries."""
    arn = on_stage.function(source=RAISES)
    _configure(on_stage, DestinationConfig=_to(on_stage.queue()))
    on_stage.start(payload={"order": 7})
    on_stage.settle()
    (record,) = on_stage.bodies()
    assert list(record) == ["version", "timestamp", "requestContext", "requestPayload", "responseContext", "responsePayload"]
    assert record["version"] == "1.0"
    assert re.fullmatch(r"[0-9-]{10}T[0-9:]{8}\.\d{3}Z", record["timestamp"])
    context = record["requestContext"]
    assert (context["functionArn"], context["condition"]) == (f"{arn}:$LATEST", "RetriesExhausted")
    assert context["approximateInvokeCount"] == 3
    assert record["requestPayload"] == {"order": 7}
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    assert record["responsePayload"]["errorMessage"] == "no"
    assert record["responsePayload"]["requestId"] == context["requestId"]


def test_an_event_too_old_says_so_in_its_record(on_stage: Stage) -> None:
    """localstack/localstack test_lambda_destinations.snapshot.json, test_maxeventage: one invocation, no retry."""
    on_stage.function(source=RAISES)
    _configure(on_stage, DestinationConfig=_to(on_stage.queue()), MaximumEventAgeInSeconds=60)
    on_stage.start()
    on_stage.settle()
    (record,) = on_stage.bodies()
    assert record["requestContext"]["condition"] == "EventAgeExceeded"
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert record["responseContext"]["functionError"] == "Unhandled"


def test_reserved_zero_goes_straight_to_both_without_running(on_stage: Stage) -> None:
    """Recorded: condition ZeroReservedConcurrency, count 0, no response members."""
    on_stage.queue("dead")
    dead = {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"}
    on_stage.function(source=RAISES, DeadLetterConfig=dead)
    _configure(on_stage, DestinationConfig=_to(on_stage.queue()))
    on_stage.client("lambda").put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=0)
    on_stage.start()
    before = on_stage.control.now()["now"]
    on_stage.settle()
    assert on_stage.control.now()["now"] - before < 1
    (record,) = on_stage.bodies()
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    assert not {"responseContext", "responsePayload"} & set(record)
    assert len(on_stage.messages("dead")) == 1
    assert on_stage.books("asynchronous events")["dead_lettered"] == 1


def test_success_is_reported_to_its_destination_and_failure_is_not(on_stage: Stage) -> None:
    on_stage.function(source=ECHOES)
    _configure(on_stage, DestinationConfig=_to(on_stage.queue(), "OnSuccess"))
    on_stage.start(payload={"n": 1})
    on_stage.settle()
    (record,) = on_stage.bodies()
    assert record["requestContext"]["condition"] == "Success"
    assert record["responsePayload"] == {"n": 1}
    assert "functionError" not in record["responseContext"]
    assert on_stage.books("asynchronous events")["processed"] == 1


def test_another_function_may_be_the_destination(on_stage: Stage) -> None:
    on_stage.function(source=RAISES)
    arn = on_stage.function("auditor", PRINTS)
    _configure(on_stage, DestinationConfig=_to(arn), MaximumRetryAttempts=0)
    on_stage.start(payload={"n": 1})
    on_stage.settle()
    (record,) = on_stage.events("auditor")
    assert record["requestPayload"] == {"n": 1}
    assert record["requestContext"]["approximateInvokeCount"] == 1


def test_a_bucket_keeps_failures_under_the_function_s_name(on_stage: Stage) -> None:
    on_stage.client("s3").create_bucket(Bucket="failures")
    on_stage.function(source=RAISES)
    _configure(on_stage, DestinationConfig=_to("arn:aws:s3:::failures"), MaximumRetryAttempts=0)
    on_stage.start(payload={"n": 1})
    on_stage.settle()
    (kept,) = on_stage.client("s3").list_objects_v2(Bucket="failures")["Contents"]
    assert kept["Key"].startswith("aws/lambda/async/worker/20")
    body = on_stage.client("s3").get_object(Bucket="failures", Key=kept["Key"])["Body"].read()
    assert json.loads(body)["requestPayload"] == {"n": 1}


def test_a_destination_that_is_gone_is_counted_as_a_delivery_failure(on_stage: Stage) -> None:
    on_stage.function(source=RAISES)
    _configure(on_stage, DestinationConfig=_to(on_stage.queue()), MaximumRetryAttempts=0)
    sqs = on_stage.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="inbox")["QueueUrl"])
    on_stage.start()
    on_stage.settle()
    assert on_stage.metric("DestinationDeliveryFailures") == 1
    assert on_stage.titles("destination") == ["Destination not delivered: inbox"]
    assert on_stage.books("asynchronous events")["dropped"] == {"RetriesExhausted": 1}


def test_a_slow_destination_keeps_the_event_pending_until_it_answers(on_stage: Stage) -> None:
    on_stage.function(source=RAISES)
    _configure(on_stage, DestinationConfig=_to(on_stage.queue()), MaximumRetryAttempts=0)
    on_stage.control.add_fault(service="sqs", operation="SendMessage", latency_s=5)
    on_stage.start()
    on_stage.control.advance(1)
    assert on_stage.books("asynchronous events")["pending"] == 1
    on_stage.settle()
    assert on_stage.books("asynchronous events")["dead_lettered"] == 1


def test_an_alias_has_a_configuration_of_its_own(on_stage: Stage) -> None:
    arn = on_stage.function(source=RAISES)
    client = on_stage.client("lambda")
    client.publish_version(FunctionName="worker")
    client.create_alias(FunctionName="worker", Name="live", FunctionVersion="1")
    client.put_function_event_invoke_config(
        FunctionName="worker", Qualifier="live", MaximumRetryAttempts=1, DestinationConfig=_to(on_stage.queue())
    )
    on_stage.start(Qualifier="live")
    on_stage.start()
    on_stage.settle()
    (record,) = on_stage.bodies()
    assert record["requestContext"]["functionArn"] == f"{arn}:live"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["responseContext"]["executedVersion"] == "1"
