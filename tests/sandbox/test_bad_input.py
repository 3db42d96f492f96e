"""What goes wrong at a learner's keyboard: a clear error each, the account alive after it, nothing lost."""

from __future__ import annotations

import io
import json
import os
import socket
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from sandbox.account import LocalAccount, local_account
from sandbox.errors import LearnerError

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ROLE = "arn:aws:iam::123456789012:role/function"


def zipped(files: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


GOOD = zipped({"app.py": "def handler(event, context):\n    return event\n"})


@pytest.fixture(name="account", scope="module")
def account_of_this_file() -> Iterator[LocalAccount]:
    with local_account(seed=9) as account:
        account.client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))
        account.client("lambda").create_function(
            FunctionName="alive", Runtime="python3.13", Role=ROLE, Handler="app.handler", Code={"ZipFile": GOOD}
        )
        yield account


@pytest.fixture(autouse=True)
def the_account_lives_on(account: LocalAccount) -> Iterator[None]:
    yield
    answer = account.client("lambda").invoke(FunctionName="alive", Payload=b'{"still": "here"}')
    assert json.loads(answer["Payload"].read()) == {"still": "here"}
    assert all(row["balanced"] for row in account.control.balance())
    assert account.control.info()["defects"] == []


def refused(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def create(account: LocalAccount, package: bytes, **config: Any) -> Any:
    asked = {"FunctionName": "bad", "Runtime": "python3.13", "Role": ROLE, "Handler": "app.handler", "Code": {"ZipFile": package}}
    return account.client("lambda").create_function(**{**asked, **config})


def test_a_zip_that_is_none(account: LocalAccount) -> None:
    code, message = refused(lambda: create(account, b"this is not a zip"))
    assert code == "InvalidParameterValueException"
    assert message.startswith("Could not unzip uploaded file.")


def test_a_zip_bomb(account: LocalAccount) -> None:
    bomb = zipped({"app.py": "", "zeros": b"\0" * 300_000_000})
    assert len(bomb) < 1_000_000
    code, message = refused(lambda: create(account, bomb))
    assert (code, message) == ("InvalidParameterValueException", "Unzipped size must be smaller than 262144000 bytes")


def test_a_zip_bomb_that_lies_about_its_size(account: LocalAccount) -> None:
    honest = zipped({"zeros": b"\0" * 300_000_000})
    lie = honest.replace(struct.pack("<I", 300_000_000), struct.pack("<I", 1000))
    assert refused(lambda: create(account, lie))[0] == "InvalidParameterValueException"


@pytest.mark.parametrize("name", ["../outside.py", "/etc/outside.py", "a/../../outside.py", "..\\outside.py"])
def test_a_path_outside_the_root(account: LocalAccount, name: str) -> None:
    package = zipped({"app.py": "def handler(event, context):\n    return 1\n", name: "x"})
    assert refused(lambda: create(account, package))[0] == "InvalidParameterValueException"
    assert not Path("/etc/outside.py").exists()


@pytest.mark.parametrize(
    ("handler", "error_type"),
    [
        ("app.gone", "Runtime.HandlerNotFound"),
        ("gone.handler", "Runtime.ImportModuleError"),
        ("handler", "Runtime.MalformedHandlerName"),
    ],
)
def test_a_handler_that_does_not_exist(account: LocalAccount, handler: str, error_type: str) -> None:
    create(account, GOOD, Handler=handler)
    answer = account.client("lambda").invoke(FunctionName="bad")
    document = json.loads(answer["Payload"].read())
    account.client("lambda").delete_function(FunctionName="bad")
    assert (answer["FunctionError"], document["errorType"]) == ("Unhandled", error_type)


def test_a_policy_that_is_not_json(account: LocalAccount) -> None:
    iam = account.client("iam")
    code, _ = refused(lambda: iam.put_role_policy(RoleName="function", PolicyName="p", PolicyDocument="{not json"))
    assert code == "MalformedPolicyDocument"
    assert refused(lambda: iam.create_role(RoleName="r", AssumeRolePolicyDocument="nope"))[0] == "MalformedPolicyDocument"
    queue = account.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    attributes = {"QueueUrl": queue, "Attributes": {"Policy": "{not json"}}
    assert refused(lambda: account.client("sqs").set_queue_attributes(**attributes))[0] == "InvalidAttributeValue"
    s3 = account.client("s3")
    s3.create_bucket(Bucket="pictures")
    assert refused(lambda: s3.put_bucket_policy(Bucket="pictures", Policy="{not json"))[0] == "MalformedPolicy"
    topic = account.client("sns").create_topic(Name="t")["TopicArn"]
    named = {"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": "{not json"}
    assert refused(lambda: account.client("sns").set_topic_attributes(**named))[0] == "InvalidParameter"
    assert refused(lambda: account.client("kms").create_key(Policy="{not json"))[0] == "MalformedPolicyDocumentException"


def test_a_wrong_region(account: LocalAccount) -> None:
    code, message = refused(account.client("lambda", region_name="eu-west-9").list_functions)
    assert (code, message) == ("InvalidSignatureException", "Credential should be scoped to a valid region.")
    elsewhere = "arn:aws:lambda:eu-west-1:123456789012:function:alive"
    code, message = refused(lambda: account.client("lambda").get_function(FunctionName=elsewhere))
    assert "not reachable in this region ('us-east-1')" in message


def test_a_payload_of_seven_megabytes(account: LocalAccount) -> None:
    payload = json.dumps("x" * 7 * 1024 * 1024).encode()
    code, message = refused(lambda: account.client("lambda").invoke(FunctionName="alive", Payload=payload))
    assert code == "RequestEntityTooLargeException"
    assert message == "Request must be smaller than 6291456 bytes for the InvokeFunction operation"
    code, _ = refused(
        lambda: account.client("lambda").invoke(FunctionName="alive", Payload=payload[:2_000_000], InvocationType="Event")
    )
    assert code == "RequestEntityTooLargeException"


def test_a_payload_that_is_not_json(account: LocalAccount) -> None:
    for kind in ("RequestResponse", "Event"):
        invoke = account.client("lambda").invoke
        code, message = refused(
            lambda invoke=invoke, kind=kind: invoke(FunctionName="alive", Payload=b"{no", InvocationType=kind)
        )
        assert code == "InvalidRequestContentException"
        assert message.startswith("Could not parse request body into json")


# -- on the wire


def send(account: LocalAccount, data: bytes, *, read: bool = True) -> bytes:
    place = urlsplit(account.endpoint_url)
    with socket.create_connection(("127.0.0.1", place.port or 80), 20) as client:
        client.sendall(data)
        received = b""
        while read and b"\r\n\r\n" not in received and (piece := client.recv(65536)):
            received += piece
        return received


def signed_head(account: LocalAccount, path: str, body: bytes, extra: str = "") -> bytes:
    learner = account.ready
    request = AWSRequest("POST", account.endpoint_url + path, data=body)
    keys = Credentials(learner["aws_access_key_id"], learner["aws_secret_access_key"])
    SigV4Auth(keys, "lambda", "us-east-1").add_auth(request)
    headers = {"Host": urlsplit(account.endpoint_url).netloc, "Content-Length": str(len(body)), **dict(request.headers.items())}
    return (
        f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + extra + "\r\n"
    ).encode()


INVOKE = "/2015-03-31/functions/alive/invocations"


def test_a_client_that_hangs_up_mid_body(account: LocalAccount) -> None:
    before = account.control.info()["calls"]
    send(account, signed_head(account, INVOKE, b"x" * 1000) + b"half", read=False)
    assert account.control.info()["calls"] == before, "half a request is no call"


def test_a_client_that_hangs_up_before_the_answer_has_still_invoked(account: LocalAccount) -> None:
    before = account.control.info()["calls"]
    send(account, signed_head(account, INVOKE, b"{}") + b"{}", read=False)
    while account.control.info()["calls"] == before:
        threading.Event().wait(0.01)
    assert account.control.calls(operation="Invoke")[-1]["status"] == 200


def test_ten_thousand_headers(account: LocalAccount) -> None:
    extra = "".join(f"X-Header-{number}: value\r\n" for number in range(10_000))
    answer = send(account, signed_head(account, INVOKE, b"{}", extra) + b"{}")
    assert answer.startswith(b"HTTP/1.1 431 ")


def test_headers_of_two_megabytes(account: LocalAccount) -> None:
    answer = send(account, signed_head(account, INVOKE, b"{}", f"X-Long: {'y' * 2_000_000}\r\n") + b"{}")
    assert answer.startswith(b"HTTP/1.1 431 ")


def test_bytes_that_are_no_http(account: LocalAccount) -> None:
    assert send(account, os.urandom(64) + b"\r\n\r\n").startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("service", ["dynamodb", "sqs", "logs"])
def test_a_json_service_given_no_json(account: LocalAccount, service: str) -> None:
    target = {
        "dynamodb": "DynamoDB_20120810.ListTables",
        "sqs": "AmazonSQS.ListQueues",
        "logs": "Logs_20140328.DescribeLogGroups",
    }
    learner = account.ready
    headers = {"X-Amz-Target": target[service], "Content-Type": "application/x-amz-json-1.0"}
    request = AWSRequest("POST", account.endpoint_url + "/", data=b"{no json", headers=headers)
    SigV4Auth(Credentials(learner["aws_access_key_id"], learner["aws_secret_access_key"]), service, "us-east-1").add_auth(request)
    named = {"Host": urlsplit(account.endpoint_url).netloc, "Content-Length": "8", **dict(request.headers.items())}
    head = "POST / HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in named.items()) + "\r\n"
    answer = send(account, head.encode() + b"{no json")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_port_in_use(account: LocalAccount) -> None:
    port = urlsplit(account.endpoint_url).port or 0
    with pytest.raises(LearnerError, match=rf"port {port} is in use; .*--port"), local_account(port=port):
        pass


def test_a_folder_for_temporary_files_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder, not even for root")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    with pytest.raises(LearnerError, match="TMPDIR"), local_account():
        pass


def test_a_function_killed_in_the_middle_is_an_answer(account: LocalAccount) -> None:
    source = "import os, signal\n\ndef handler(event, context):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    create(account, zipped({"app.py": source}))
    answer = account.client("lambda").invoke(FunctionName="bad")
    document = json.loads(answer["Payload"].read())
    account.client("lambda").delete_function(FunctionName="bad")
    assert answer["FunctionError"] == "Unhandled"
    assert "signal: killed" in document["errorMessage"]


def test_a_runtime_the_account_does_not_have_is_refused_with_those_it_has(account: LocalAccount) -> None:
    code, message = refused(lambda: create(account, GOOD, Runtime="java25"))
    assert code == "InvalidParameterValueException"
    assert "python3.13" in message
