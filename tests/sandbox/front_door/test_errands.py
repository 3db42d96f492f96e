"""Calls that AWS makes by itself take the same gate: policies with the service's keys, faults, records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from sandbox.delivery.errand import Errand, as_service, in_role
from sandbox.errors import AwsError
from tests.sandbox.delivery.stage import ACCOUNT, ECHOES, ROLE, Stage, stage

QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:inbox"
BUCKET = "arn:aws:s3:::photos"


@pytest.fixture(scope="module")
def account_of_module() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.fixture
def at(account_of_module: Stage) -> Stage:
    return account_of_module.again()


def _send(at: Stage, errand: Errand) -> Mapping[str, Any] | AwsError:
    outcomes: list[Mapping[str, Any] | AwsError] = []
    at.account.account.errands.send(errand, outcomes.append)
    at.settle()
    (outcome,) = outcomes
    return outcome


def _as_s3(bucket: str = BUCKET, account: str = ACCOUNT) -> Errand:
    return as_service("s3.amazonaws.com", bucket, account, "s3").to_queue(QUEUE, "hello")


def _guarded_queue(at: Stage) -> None:
    at.queue()
    condition = {"ArnLike": {"aws:SourceArn": BUCKET}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
        "Condition": condition,
    }
    url = at.client("sqs").get_queue_url(QueueName="inbox")["QueueUrl"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    at.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def test_the_confused_deputy_keys_decide(at: Stage) -> None:
    _guarded_queue(at)
    answer = _send(at, _as_s3())
    assert isinstance(answer, Mapping)
    assert set(answer) == {"MD5OfMessageBody", "MessageId"}
    for other in (_as_s3("arn:aws:s3:::other"), _as_s3(account="999999999999")):
        refused = _send(at, other)
        assert isinstance(refused, AwsError)
        assert (refused.code, refused.status) == ("AccessDenied", 403)
    assert len(at.messages()) == 1


def test_a_role_acts_by_its_own_policies(at: Stage) -> None:
    at.queue()
    errand = in_role(ROLE, "worker", "test").to_queue(QUEUE, "hello")
    assert isinstance(_send(at, errand), Mapping)
    at.restrict("worker", ["sns:*"])
    assert isinstance(_send(at, errand), AwsError)


def test_a_role_that_is_gone_may_nothing(at: Stage) -> None:
    at.queue()
    errand = in_role(f"arn:aws:iam::{ACCOUNT}:role/nobody", "x", "test").to_queue(QUEUE, "hello")
    assert isinstance(_send(at, errand), AwsError)


def test_every_errand_is_recorded_with_its_verdict(at: Stage) -> None:
    _guarded_queue(at)
    _send(at, _as_s3())
    _send(at, _as_s3("arn:aws:s3:::other"))
    calls = [call for call in at.control.calls() if call["operation"] == "SendMessage"]
    assert [(call["principal"], call["allowed"], call["status"]) for call in calls] == [
        ("s3.amazonaws.com", True, 200),
        ("s3.amazonaws.com", False, 403),
    ]
    assert all(call["arns"] == [QUEUE] for call in calls)


def test_fault_rules_find_errands_by_their_caller(at: Stage) -> None:
    _guarded_queue(at)
    at.control.add_fault(caller="s3.amazonaws.com", error={"code": "ServiceUnavailable", "status": 503}, latency_s=2, count=1)
    before = at.control.now()["now"]
    refused = _send(at, _as_s3())
    assert isinstance(refused, AwsError)
    assert refused.status == 503
    assert at.control.now()["now"] - before >= 2
    assert isinstance(_send(at, _as_s3()), Mapping)


def test_a_function_can_be_called_and_its_api_as_well(at: Stage) -> None:
    arn = at.function(source=ECHOES)
    answer = _send(at, in_role(ROLE, "x", "test").to_function(arn, b'{"n": 1}', "RequestResponse"))
    assert isinstance(answer, Mapping)
    assert (answer["StatusCode"], json.loads(answer["Payload"])) == (200, {"n": 1})
    sender = in_role(ROLE, "x", "test")
    listing = Errand(sender.principal, "lambda", "GetFunctionConfiguration", {"FunctionName": arn}, ACCOUNT, "us-east-1")
    found = _send(at, listing)
    assert isinstance(found, Mapping)
    assert found["FunctionArn"] == arn


def test_may_asks_without_doing(at: Stage) -> None:
    at.queue()
    errands = at.account.account.errands
    assert isinstance(errands.may(_as_s3()), AwsError)
    assert errands.may(in_role(ROLE, "x", "test").to_queue(QUEUE, "m")) is None
    assert at.messages() == []


def test_what_nobody_mapped_is_a_defect_and_not_an_exception(at: Stage) -> None:
    principal = in_role(ROLE, "x", "test").principal
    refused = _send(at, Errand(principal, "sqs", "Levitate", {}, ACCOUNT, "us-east-1"))
    assert isinstance(refused, AwsError)
    assert refused.status == 500
