"""Subscription filters end to end: what a function is given of what others log."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, PRINTS, Stage, stage

GROUP = "/app/orders"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:worker"
LOGS = "def handler(event, context):\n    print('ERROR one')\n    print('fine')\n    print('ERROR two')\n"


@pytest.fixture(scope="module")
def account_of_module() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.fixture
def at(account_of_module: Stage) -> Stage:
    made = account_of_module.again()
    made.client("logs").create_log_group(logGroupName=GROUP)
    made.client("logs").create_log_stream(logGroupName=GROUP, logStreamName="s")
    made.function(source=PRINTS)
    return made


def _allow(at: Stage, group: str = GROUP) -> None:
    source = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}:*"
    at.allow("worker", "logs.amazonaws.com", SourceArn=source, SourceAccount=ACCOUNT)


def _subscribe(at: Stage, pattern: str = "", group: str = GROUP, name: str = "errors", destination: str = FUNCTION) -> None:
    at.client("logs").put_subscription_filter(
        logGroupName=group, filterName=name, filterPattern=pattern, destinationArn=destination
    )


def _log(at: Stage, *messages: str) -> None:
    now = int(at.control.now()["now"] * 1000)
    events = [{"timestamp": now + number, "message": message} for number, message in enumerate(messages)]
    at.client("logs").put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=events)


def _documents(at: Stage) -> list[dict[str, Any]]:
    at.settle()
    return [json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"]))) for event in at.events()]


def test_a_function_gets_the_matching_events_compressed(at: Stage) -> None:
    """CloudWatch Logs user guide, "Subscription filters with AWS Lambda": the decoded document and its members."""
    _allow(at)
    _subscribe(at, "ERROR")
    _log(at, "ERROR a", "fine", "ERROR b")
    (document,) = _documents(at)
    assert list(document) == ["messageType", "owner", "logGroup", "logStream", "subscriptionFilters", "logEvents"]
    assert (document["messageType"], document["owner"], document["logGroup"]) == ("DATA_MESSAGE", ACCOUNT, GROUP)
    assert (document["logStream"], document["subscriptionFilters"]) == ("s", ["errors"])
    assert [event["message"] for event in document["logEvents"]] == ["ERROR a", "ERROR b"]
    assert all(len(event["id"]) == 56 for event in document["logEvents"])
    assert at.books("log subscriptions")["processed"] == 1


def test_what_another_function_logs_is_forwarded_too(at: Stage) -> None:
    at.function("noisy", LOGS)
    at.client("logs").create_log_group(logGroupName="/aws/lambda/noisy")
    _allow(at, "/aws/lambda/noisy")
    _subscribe(at, "ERROR", "/aws/lambda/noisy")
    at.client("lambda").invoke(FunctionName="noisy")
    (document,) = _documents(at)
    assert [event["message"] for event in document["logEvents"]] == ["ERROR one\n", "ERROR two\n"]


def test_json_patterns_select(at: Stage) -> None:
    _allow(at)
    _subscribe(at, '{ $.level = "error" && $.code >= 500 }')
    _log(at, '{"level": "error", "code": 503}', '{"level": "error", "code": 404}', "text")
    (document,) = _documents(at)
    assert [event["message"] for event in document["logEvents"]] == ['{"level": "error", "code": 503}']


def test_nothing_is_sent_when_nothing_matches_or_the_filter_is_gone(at: Stage) -> None:
    _allow(at)
    _subscribe(at, "ERROR")
    _log(at, "fine")
    at.client("logs").delete_subscription_filter(logGroupName=GROUP, filterName="errors")
    _log(at, "ERROR")
    at.settle()
    assert at.books("log subscriptions")["accepted"] == 0


def test_the_function_must_let_this_log_group_in(at: Stage) -> None:
    _allow(at, "/app/other")
    with pytest.raises(ClientError, match="Could not execute the lambda function"):
        _subscribe(at)
    assert at.client("logs").describe_subscription_filters(logGroupName=GROUP)["subscriptionFilters"] == []


def test_a_permission_taken_away_drops_the_events_with_their_reason(at: Stage) -> None:
    _allow(at)
    _subscribe(at)
    at.client("lambda").remove_permission(FunctionName="worker", StatementId="logs")
    _log(at, "m")
    at.settle()
    assert at.books("log subscriptions")["dropped"] == {"AccessDeniedException": 1}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"pattern": '"open'}, "InvalidParameterException"),
        ({"group": "/nobody"}, "ResourceNotFoundException"),
        ({"destination": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:nobody"}, "InvalidParameterException"),
        ({"destination": f"arn:aws:firehose:us-east-1:{ACCOUNT}:deliverystream/x"}, "InvalidParameterException"),
        ({"destination": FUNCTION.replace("us-east-1", "eu-west-1")}, "InvalidParameterException"),
    ],
)
def test_what_is_refused(at: Stage, change: dict[str, str], code: str) -> None:
    _allow(at)
    with pytest.raises(ClientError) as caught:
        _subscribe(at, **change)
    assert caught.value.response["Error"]["Code"] == code


def test_a_group_has_two_filters_at_most_and_one_may_be_replaced(at: Stage) -> None:
    _allow(at)
    for name in ("one", "two", "two"):
        _subscribe(at, "ERROR", name=name)
    with pytest.raises(ClientError) as caught:
        _subscribe(at, name="three")
    assert caught.value.response["Error"]["Code"] == "LimitExceededException"
