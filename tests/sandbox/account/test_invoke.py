"""Invoke, Function URLs and code downloads over HTTP, with boto3 and real child processes."""

from __future__ import annotations

import base64
import http.client
import io
import json
import threading
import urllib.request
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandbox.account import LocalAccount


def test_a_function_is_created_and_invoked_over_http(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    client = make_function(account, make_role(account), "print('seen', event['x'])\nreturn {'doubled': event['x'] * 2}")
    answer = client.invoke(FunctionName="f", Payload=b'{"x": 21}', LogType="Tail")
    assert json.loads(answer["Payload"].read()) == {"doubled": 42}
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in answer
    tail = base64.b64decode(answer["LogResult"]).decode()
    assert tail.startswith("START RequestId: ")
    assert "seen 21\n" in tail
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amzn-remapped-content-length"] == "0"
    assert headers["x-amzn-trace-id"].startswith("Root=1-")
    assert headers["x-amzn-requestid"] in tail


def test_a_raised_error_is_a_function_error_and_not_an_api_error(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    client = make_function(account, make_role(account), "raise KeyError('gone')")
    answer = client.invoke(FunctionName="f")
    document = json.loads(answer["Payload"].read())
    assert (answer["FunctionError"], document["errorType"]) == ("Unhandled", "KeyError")


def test_the_function_runs_as_its_role_and_reaches_the_account(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    body = "import boto3\nreturn boto3.client('sts').get_caller_identity()['Arn']"
    client = make_function(account, make_role(account), body)
    assert json.loads(client.invoke(FunctionName="f")["Payload"].read()) == "arn:aws:sts::123456789012:assumed-role/function/f"


def test_a_function_without_permission_is_denied_and_the_call_is_recorded(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    body = "import boto3\nboto3.client('s3').put_object(Bucket='pictures', Key='k', Body=b'x')"
    client = make_function(account, make_role(account), body)
    account.client("s3").create_bucket(Bucket="pictures")
    document = json.loads(client.invoke(FunctionName="f")["Payload"].read())
    assert "AccessDenied" in document["errorMessage"]
    denied = account.control.calls(service="s3", allowed=False)
    assert [(call["operation"], call["arns"], call["status"]) for call in denied] == [
        ("PutObject", ["arn:aws:s3:::pictures/k"], 403)
    ]
    assert denied[0]["principal"] == "arn:aws:sts::123456789012:assumed-role/function/f"


def test_the_timeline_knows_which_invocation_made_a_call(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    body = "import boto3\nboto3.client('sqs').create_queue(QueueName='q')"
    role = make_role(
        account, policies={"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
    )
    make_function(account, role, body).invoke(FunctionName="f")
    entries = account.control.timeline()
    invoked = next(entry for entry in entries if entry["title"] == "lambda:Invoke f")
    created = next(entry for entry in entries if entry["title"] == "sqs:CreateQueue")
    assert created["cause"] == invoked["id"]


def test_logs_and_metrics_of_an_invocation_are_in_cloudwatch(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    make_function(account, make_role(account), "print('line')").invoke(FunctionName="f")
    events = account.client("logs").filter_log_events(logGroupName="/aws/lambda/f")["events"]
    assert "line\n" in [event["message"] for event in events]
    metrics = account.client("cloudwatch").list_metrics(Namespace="AWS/Lambda", MetricName="Invocations")["Metrics"]
    assert [{"Name": "FunctionName", "Value": "f"}] in [metric["Dimensions"] for metric in metrics]


def test_an_event_invocation_is_accepted_and_runs(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    client = make_function(account, make_role(account), "print('ran')")
    answer = client.invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")
    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")
    account.control.until_quiet()
    assert account.control.balance()[0]["processed"] == 1
    assert client.invoke_async(FunctionName="f", InvokeArgs=b"{}")["Status"] == 202
    account.control.until_quiet()
    books = account.control.balance()[0]
    assert (books["source"], books["accepted"], books["processed"]) == ("asynchronous events", 2, 2)


def test_dry_run_checks_and_does_nothing(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    client = make_function(account, make_role(account), "return 1")
    assert client.invoke(FunctionName="f", InvocationType="DryRun")["StatusCode"] == 204
    assert account.control.info()["environments"] == {"busy": 0, "idle": 0}


def test_a_response_stream_carries_chunks_and_completes(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    client = make_function(account, make_role(account), "return {'x': 1}")
    events = list(client.invoke_with_response_stream(FunctionName="f", LogType="Tail")["EventStream"])
    assert b"".join(event["PayloadChunk"]["Payload"] for event in events if "PayloadChunk" in event) == b'{"x": 1}'
    assert "LogResult" in events[-1]["InvokeComplete"]


def test_a_failing_response_stream_says_so_at_its_end(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    client = make_function(account, make_role(account), "raise ValueError('no')")
    events = list(client.invoke_with_response_stream(FunctionName="f")["EventStream"])
    complete = events[-1]["InvokeComplete"]
    assert complete["ErrorCode"] == "Unhandled"
    assert json.loads(complete["ErrorDetails"])["errorType"] == "ValueError"


def test_a_client_context_reaches_the_function(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any], code_of: Callable[..., str]
) -> None:
    client = make_function(account, make_role(account), "return context.client_context.custom")
    context = base64.b64encode(json.dumps({"custom": {"a": "b"}, "env": {}, "client": {}}).encode()).decode()
    assert json.loads(client.invoke(FunctionName="f", ClientContext=context)["Payload"].read()) == {"a": "b"}
    assert code_of(lambda: client.invoke(FunctionName="f", ClientContext="!!")) == "InvalidRequestContentException"


def test_a_function_that_is_not_there(account: LocalAccount, code_of: Callable[..., str]) -> None:
    assert code_of(lambda: account.client("lambda").invoke(FunctionName="gone")) == "ResourceNotFoundException"


def test_an_update_retires_warm_environments(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any], zipped: Callable[[str], bytes]
) -> None:
    client = make_function(account, make_role(account), "return 'old'")
    assert client.invoke(FunctionName="f")["Payload"].read() == b'"old"'
    client.update_function_code(FunctionName="f", ZipFile=zipped("def handler(event, context):\n    return 'new'\n"))
    assert client.invoke(FunctionName="f")["Payload"].read() == b'"new"'


def test_eight_callers_get_their_own_answers(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    make_function(account, make_role(account), "return event")
    wrong: list[object] = []

    def caller(name: int) -> None:
        client = account.client("lambda")
        for number in range(20):
            answer = client.invoke(FunctionName="f", Payload=json.dumps([name, number]).encode())
            seen = json.loads(answer["Payload"].read())
            if seen != [name, number]:
                wrong.append(seen)

    threads = [threading.Thread(target=caller, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_a_function_url_is_a_path_that_urllib_can_reach(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    client = make_function(account, make_role(account), "return event['rawPath'] + '?' + event['rawQueryString']")
    url = client.create_function_url_config(FunctionName="f", AuthType="NONE")["FunctionUrl"]
    client.add_permission(
        FunctionName="f", StatementId="u", Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="NONE"
    )
    client.add_permission(
        FunctionName="f", StatementId="f", Action="lambda:InvokeFunction", Principal="*", InvokedViaFunctionUrl=True
    )
    assert url.startswith(f"{account.endpoint_url}/lambda-url/")
    with urllib.request.urlopen(url + "a/b?c=d") as answer:
        assert (answer.status, answer.read()) == (200, b"/a/b?c=d")
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    url_id = url.rstrip("/").rpartition("/")[2]
    connection.request("GET", "/by-host", headers={"Host": f"{url_id}.lambda-url.us-east-1.localhost"})
    assert connection.getresponse().read() == b"/by-host?"
    connection.close()


def test_the_code_of_a_function_can_be_downloaded_from_its_location(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    client = make_function(account, make_role(account), "return 1")
    location = client.get_function(FunctionName="f")["Code"]["Location"]
    with urllib.request.urlopen(location) as answer:
        names = zipfile.ZipFile(io.BytesIO(answer.read())).namelist()
    assert names == ["app.py"]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(location[:-4] + "0000")
