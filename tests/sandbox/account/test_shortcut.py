"""Clients and control commands that reach an account of this process without a socket: as over HTTP, but for the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from sandbox.account import LocalAccount, Settings, shortcut
from sandbox.account.local import ControlClient
from sandbox.errors import InternalError, LearnerError


@pytest.fixture(name="by_http")
def the_same_account_over_http(account: LocalAccount) -> LocalAccount:
    return LocalAccount(account.settings, account.ready)


def answer(call: Callable[..., Any], **arguments: Any) -> Any:
    """What a program sees of an answer or of an error, but for ids and dates."""
    try:
        found = call(**arguments)
    except ClientError as error:
        return error.response["Error"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    metadata = found.pop("ResponseMetadata")
    if "Body" in found:
        found["Body"] = found["Body"].read()
    return found, metadata["HTTPStatusCode"], metadata["HTTPHeaders"].get("content-type")


def test_answers_and_errors_are_those_of_http(account: LocalAccount, by_http: LocalAccount) -> None:
    near, far = account.near_client("s3"), by_http.near_client("s3")
    near.create_bucket(Bucket="pictures")
    near.put_object(Bucket="pictures", Key="a b+ü", Body=bytes(range(256)) * 40_000, Metadata={"who": "me"})
    for name, arguments in (
        ("get_object", {"Bucket": "pictures", "Key": "a b+ü"}),
        ("head_object", {"Bucket": "pictures", "Key": "a b+ü"}),
        ("list_objects_v2", {"Bucket": "pictures"}),
        ("head_object", {"Bucket": "pictures", "Key": "none"}),
        ("get_object", {"Bucket": "none", "Key": "k"}),
        ("get_bucket_policy", {"Bucket": "pictures"}),
    ):
        assert answer(getattr(near, name), **arguments) == answer(getattr(far, name), **arguments)


def test_a_near_client_needs_no_socket_and_a_far_one_does(account: LocalAccount) -> None:
    elsewhere = {**account.ready, "endpoint_url": "http://127.0.0.1:9"}
    near, far = account.near_client("sqs"), LocalAccount(account.settings, elsewhere).near_client("sqs")
    near._endpoint.http_session.send = lambda _: pytest.fail("it goes to the network")
    assert "QueueUrls" not in near.list_queues()
    with pytest.raises(EndpointConnectionError):
        far.list_queues()


def test_requests_are_signed_and_recorded(account: LocalAccount) -> None:
    near = account.near_client("sts")
    near._request_signer._credentials.secret_key = "another"
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        near.get_caller_identity()
    account.near_client("sts").get_caller_identity()
    assert [row["operation"] for row in account.control.calls(service="sts", allowed=True)] == ["GetCallerIdentity"]


def test_a_streamed_answer_arrives_whole(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    make_function(account, make_role(account), "return {'n': event['n'] * 2}")
    events = account.near_client("lambda").invoke_with_response_stream(FunctionName="f", Payload=b'{"n": 21}')["EventStream"]
    assert b"".join(event["PayloadChunk"]["Payload"] for event in events if "PayloadChunk" in event) == b'{"n": 42}'


def test_an_account_that_does_not_answer_is_a_read_timeout(account: LocalAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    assert account._shortcut is not None
    monkeypatch.setattr(account._shortcut, "_handle", lambda *_: None)
    monkeypatch.setattr(shortcut, "ANSWER_S_MAX", 0.01)
    near = account.near_client("sqs")
    with pytest.raises(ReadTimeoutError):
        near.list_queues()


def test_control_commands_answer_as_over_http(account: LocalAccount, by_http: LocalAccount) -> None:
    assert type(by_http.control) is ControlClient
    account.client("s3").list_buckets()
    assert account.control.calls() == by_http.control.calls()
    assert account.control.info().keys() == by_http.control.info().keys()
    said = []
    for control in (account.control, by_http.control):
        with pytest.raises(LearnerError) as caught:
            control.advance(-1)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_a_defect_behind_a_control_command_is_told_to_whoever_asked(
    account: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = account.control
    assert isinstance(control, shortcut.NearControl)
    monkeypatch.setattr(control._commands, "handle", lambda *_: 1 / 0)
    with pytest.raises(InternalError, match="info: ZeroDivisionError"):
        control.info()


def test_a_closed_account_says_so() -> None:
    from sandbox.account import local_account

    with local_account(Settings()) as opened:
        pass
    with pytest.raises(LearnerError, match="is closed"):
        opened.control.info()
