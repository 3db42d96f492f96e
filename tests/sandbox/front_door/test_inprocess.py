from __future__ import annotations

import io
import json
import os
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from sandbox.account import InprocessAccount, inprocess_account

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(name="account", scope="module")
def account_of_this_file() -> Iterator[InprocessAccount]:
    with inprocess_account(seed=11) as account:
        iam = account.client("iam")
        iam.create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(RoleName="function", PolicyName="all", PolicyDocument=json.dumps(ALL))
        yield account


def make(account: InprocessAccount, name: str, body: str, **config: Any) -> Any:
    source = "import json, os, time\n\ndef handler(event, context):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", source)
    client = account.client("lambda")
    role = "arn:aws:iam::123456789012:role/function"
    client.create_function(
        FunctionName=name, Runtime="python3.13", Role=role, Handler="app.handler", Code={"ZipFile": buffer.getvalue()}, **config
    )
    return client


def result(answer: Any) -> Any:
    return json.loads(answer["Payload"].read())


def test_a_client_of_the_account_reaches_it_once_per_call(account: InprocessAccount) -> None:
    before = account.account.calls.total
    account.client("s3").list_buckets()
    assert account.account.calls.total == before + 1


def test_ambient_clients_reach_the_innermost_open_account(account: InprocessAccount) -> None:
    boto3.client("s3").create_bucket(Bucket="outer")
    with inprocess_account() as inner:
        assert boto3.client("s3").list_buckets()["Buckets"] == []
        assert os.environ["AWS_ACCESS_KEY_ID"] == inner.account.learner.access_key_id
        assert [bucket["Name"] for bucket in account.client("s3").list_buckets()["Buckets"]] == ["outer"]
    assert [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]] == ["outer"]
    assert os.environ["AWS_ACCESS_KEY_ID"] == account.account.learner.access_key_id


def test_signatures_are_checked_here_as_well(account: InprocessAccount) -> None:
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        account.client("lambda", aws_secret_access_key="wrong").list_functions()


def test_a_region_in_the_host_must_be_the_signed_one(account: InprocessAccount) -> None:
    client = account.client("lambda", endpoint_url="https://lambda.eu-west-1.amazonaws.com")
    with pytest.raises(ClientError, match="valid region"):
        client.list_functions()


def test_objects_queues_and_functions_work_without_a_socket(account: InprocessAccount) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="pictures")
    s3.put_object(Bucket="pictures", Key="a b/ä.txt", Body=io.BytesIO(b"streamed"))
    assert s3.get_object(Bucket="pictures", Key="a b/ä.txt")["Body"].read() == b"streamed"
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="m")
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "m"


def test_a_function_calls_aws_and_another_function(account: InprocessAccount) -> None:
    make(account, "inner", "return {'got': event, 'task': os.environ['AWS_LAMBDA_FUNCTION_NAME']}")
    body = (
        "import boto3\n"
        "answer = boto3.client('lambda').invoke(FunctionName='inner', Payload=b'7')\n"
        "return [os.environ['AWS_LAMBDA_FUNCTION_NAME'], json.loads(answer['Payload'].read())]"
    )
    client = make(account, "outer", body)
    assert result(client.invoke(FunctionName="outer")) == ["outer", {"got": 7, "task": "inner"}]


def test_sleeping_moves_the_accounts_clock_and_ends_at_the_timeout(account: InprocessAccount) -> None:
    client = make(account, "sleeper", "time.sleep(event)\nreturn 'rested'", Timeout=5)
    before = account.control.now()["now"]
    assert result(client.invoke(FunctionName="sleeper", Payload=b"4")) == "rested"
    assert account.control.now()["now"] - before >= 4
    assert result(client.invoke(FunctionName="sleeper", Payload=b"60"))["errorType"] == "Sandbox.Timedout"


def test_an_event_has_run_when_the_call_returns(account: InprocessAccount) -> None:
    client = make(account, "worker", "return 1")
    done = account.control.balance()[0]["processed"]
    client.invoke(FunctionName="worker", InvocationType="Event")
    assert account.control.balance()[0]["processed"] == done + 1


def test_a_long_poll_jumps_to_the_message_or_to_its_end(account: InprocessAccount) -> None:
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="delayed")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=5)
    before = account.control.now()["now"]
    assert sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"][0]["Body"] == "later"
    assert 5 <= account.control.now()["now"] - before <= 7


def test_an_injected_latency_is_virtual(account: InprocessAccount) -> None:
    rule = account.control.add_fault(service="s3", operation="ListBuckets", latency_s=30)
    before = account.control.now()["now"]
    account.client("s3").list_buckets()
    assert account.control.now()["now"] - before >= 30
    account.control.remove_fault(rule["id"])


def test_a_response_stream_is_collected(account: InprocessAccount) -> None:
    client = make(account, "streamer", "return 'x'")
    events = list(client.invoke_with_response_stream(FunctionName="streamer")["EventStream"])
    assert events[0]["PayloadChunk"]["Payload"] == b'"x"'
    assert "InvokeComplete" in events[-1]


def test_urllib_reaches_function_urls_and_code(account: InprocessAccount) -> None:
    client = make(account, "page", "return event['requestContext']['http']['method'] + ' ' + event.get('body', '')")
    url = client.create_function_url_config(FunctionName="page", AuthType="NONE")["FunctionUrl"]
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url)
    assert caught.value.code == 403
    caught.value.close()
    client.add_permission(
        FunctionName="page", StatementId="u", Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="NONE"
    )
    client.add_permission(
        FunctionName="page", StatementId="f", Action="lambda:InvokeFunction", Principal="*", InvokedViaFunctionUrl=True
    )
    request = urllib.request.Request(url, b"hi", {"Content-Type": "text/plain"}, method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert (answer.status, answer.reason, answer.read()) == (200, "OK", b"PUT hi")
    with urllib.request.urlopen(client.get_function(FunctionName="page")["Code"]["Location"]) as answer:
        assert zipfile.ZipFile(io.BytesIO(answer.read())).namelist() == ["app.py"]


def test_another_address_still_goes_the_old_way(account: InprocessAccount) -> None:
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen("http://127.0.0.1:9/", timeout=2)


def test_the_same_seed_makes_the_same_ids() -> None:
    def run() -> list[object]:
        with inprocess_account(seed=5, start=1_800_000_000.0) as account:
            account.client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))
            client = make(account, "f", "return 1")
            first = client.create_function_url_config(FunctionName="f", AuthType="NONE")["FunctionUrl"]
            account.reset()
            account.client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))
            make(account, "f", "return 1")
            again = client.create_function_url_config(FunctionName="f", AuthType="NONE")["FunctionUrl"]
            return [first, again, account.control.now()["now"] >= 1_800_000_000.0]

    one, other = run(), run()
    assert one == other
    assert one[0] == one[1]


def test_everything_is_put_back_when_the_account_closes() -> None:
    environ, opener = dict(os.environ), urllib.request._opener  # type: ignore[attr-defined]
    with inprocess_account():
        boto3.client("s3")
    assert dict(os.environ) == environ
    assert urllib.request._opener is opener  # type: ignore[attr-defined]
