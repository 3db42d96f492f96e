"""An account end to end: real HTTP, real boto3, real child processes."""

from __future__ import annotations

import base64
import http.client
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from sandbox.account import LocalAccount, Settings, local_account
from sandbox.errors import LearnerError

ROOT = Path(__file__).parents[2]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def zipped(source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", source)
    return buffer.getvalue()


def make_role(account: LocalAccount, name: str = "function", policies: dict[str, Any] | None = None) -> str:
    iam = account.client("iam")
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=BASIC)
    if policies:
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(policies))
    return arn


def make_function(account: LocalAccount, role: str, body: str, name: str = "f", **config: Any) -> Any:
    source = "import json, os, sys, time\n\ndef handler(event, context):\n" + "".join(
        f"    {line}\n" for line in body.splitlines()
    )
    client = account.client("lambda")
    client.create_function(
        FunctionName=name, Runtime="python3.13", Role=role, Handler="app.handler", Code={"ZipFile": zipped(source)}, **config
    )
    return client


@pytest.fixture(name="shared", scope="module")
def account_of_this_file() -> Iterator[LocalAccount]:
    with local_account(seed=3) as account:
        yield account


@pytest.fixture(name="account")
def fresh_account(shared: LocalAccount) -> LocalAccount:
    shared.reset()
    return shared


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


# -- invoke


def test_a_function_is_created_and_invoked_over_http(account: LocalAccount) -> None:
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


def test_a_raised_error_is_a_function_error_and_not_an_api_error(account: LocalAccount) -> None:
    client = make_function(account, make_role(account), "raise KeyError('gone')")
    answer = client.invoke(FunctionName="f")
    document = json.loads(answer["Payload"].read())
    assert (answer["FunctionError"], document["errorType"]) == ("Unhandled", "KeyError")


def test_the_function_runs_as_its_role_and_reaches_the_account(account: LocalAccount) -> None:
    body = "import boto3\nreturn boto3.client('sts').get_caller_identity()['Arn']"
    client = make_function(account, make_role(account), body)
    assert json.loads(client.invoke(FunctionName="f")["Payload"].read()) == "arn:aws:sts::123456789012:assumed-role/function/f"


def test_a_function_without_permission_is_denied_and_the_call_is_recorded(account: LocalAccount) -> None:
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


def test_the_timeline_knows_which_invocation_made_a_call(account: LocalAccount) -> None:
    body = "import boto3\nboto3.client('sqs').create_queue(QueueName='q')"
    role = make_role(
        account, policies={"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
    )
    make_function(account, role, body).invoke(FunctionName="f")
    entries = account.control.timeline()
    invoked = next(entry for entry in entries if entry["title"] == "lambda:Invoke f")
    created = next(entry for entry in entries if entry["title"] == "sqs:CreateQueue")
    assert created["cause"] == invoked["id"]


def test_logs_and_metrics_of_an_invocation_are_in_cloudwatch(account: LocalAccount) -> None:
    make_function(account, make_role(account), "print('line')").invoke(FunctionName="f")
    events = account.client("logs").filter_log_events(logGroupName="/aws/lambda/f")["events"]
    assert "line\n" in [event["message"] for event in events]
    metrics = account.client("cloudwatch").list_metrics(Namespace="AWS/Lambda", MetricName="Invocations")["Metrics"]
    assert [{"Name": "FunctionName", "Value": "f"}] in [metric["Dimensions"] for metric in metrics]


def test_an_event_invocation_is_accepted_and_runs(account: LocalAccount) -> None:
    client = make_function(account, make_role(account), "print('ran')")
    answer = client.invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")
    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")
    account.control.until_quiet()
    assert account.control.balance()[0]["processed"] == 1
    assert client.invoke_async(FunctionName="f", InvokeArgs=b"{}")["Status"] == 202
    account.control.until_quiet()
    books = account.control.balance()[0]
    assert (books["source"], books["accepted"], books["processed"]) == ("asynchronous events", 2, 2)


def test_dry_run_checks_and_does_nothing(account: LocalAccount) -> None:
    client = make_function(account, make_role(account), "return 1")
    assert client.invoke(FunctionName="f", InvocationType="DryRun")["StatusCode"] == 204
    assert account.control.info()["environments"] == {"busy": 0, "idle": 0}


def test_a_response_stream_carries_chunks_and_completes(account: LocalAccount) -> None:
    client = make_function(account, make_role(account), "return {'x': 1}")
    events = list(client.invoke_with_response_stream(FunctionName="f", LogType="Tail")["EventStream"])
    assert b"".join(event["PayloadChunk"]["Payload"] for event in events if "PayloadChunk" in event) == b'{"x": 1}'
    assert "LogResult" in events[-1]["InvokeComplete"]


def test_a_failing_response_stream_says_so_at_its_end(account: LocalAccount) -> None:
    client = make_function(account, make_role(account), "raise ValueError('no')")
    events = list(client.invoke_with_response_stream(FunctionName="f")["EventStream"])
    complete = events[-1]["InvokeComplete"]
    assert complete["ErrorCode"] == "Unhandled"
    assert json.loads(complete["ErrorDetails"])["errorType"] == "ValueError"


def test_a_client_context_reaches_the_function(account: LocalAccount) -> None:
    client = make_function(account, make_role(account), "return context.client_context.custom")
    context = base64.b64encode(json.dumps({"custom": {"a": "b"}, "env": {}, "client": {}}).encode()).decode()
    assert json.loads(client.invoke(FunctionName="f", ClientContext=context)["Payload"].read()) == {"a": "b"}
    assert code_of(lambda: client.invoke(FunctionName="f", ClientContext="!!")) == "InvalidRequestContentException"


def test_a_function_that_is_not_there(account: LocalAccount) -> None:
    assert code_of(lambda: account.client("lambda").invoke(FunctionName="gone")) == "ResourceNotFoundException"


def test_an_update_retires_warm_environments(account: LocalAccount) -> None:
    client = make_function(account, make_role(account), "return 'old'")
    assert client.invoke(FunctionName="f")["Payload"].read() == b'"old"'
    client.update_function_code(FunctionName="f", ZipFile=zipped("def handler(event, context):\n    return 'new'\n"))
    assert client.invoke(FunctionName="f")["Payload"].read() == b'"new"'


def test_eight_callers_get_their_own_answers(account: LocalAccount) -> None:
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


# -- function urls and code over real HTTP


def test_a_function_url_is_a_path_that_urllib_can_reach(account: LocalAccount) -> None:
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


def test_the_code_of_a_function_can_be_downloaded_from_its_location(account: LocalAccount) -> None:
    client = make_function(account, make_role(account), "return 1")
    location = client.get_function(FunctionName="f")["Code"]["Location"]
    with urllib.request.urlopen(location) as answer:
        names = zipfile.ZipFile(io.BytesIO(answer.read())).namelist()
    assert names == ["app.py"]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(location[:-4] + "0000")


# -- identities


def test_a_stranger_is_refused_in_the_words_of_each_service(account: LocalAccount) -> None:
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "x"}
    assert code_of(account.client("lambda", **keys).list_functions) == "UnrecognizedClientException"
    assert code_of(account.client("iam", **keys).list_users) == "InvalidClientTokenId"
    assert code_of(account.client("s3", **keys).list_buckets) == "InvalidAccessKeyId"
    assert code_of(account.client("dynamodb", **keys).list_tables) == "UnrecognizedClientException"
    wrong = {"aws_secret_access_key": "wrong"}
    assert code_of(account.client("lambda", **wrong).list_functions) == "InvalidSignatureException"
    assert code_of(account.client("s3", **wrong).list_buckets) == "SignatureDoesNotMatch"


def test_a_wrong_region_is_named(account: LocalAccount) -> None:
    assert code_of(account.client("lambda", region_name="us-esat-1").list_functions) == "InvalidSignatureException"


def test_regions_keep_apart(account: LocalAccount) -> None:
    make_function(account, make_role(account), "return 1")
    assert account.client("lambda", region_name="eu-west-1").list_functions()["Functions"] == []


def test_a_user_may_do_what_its_policy_says_and_no_more(account: LocalAccount) -> None:
    make_function(account, make_role(account), "return 1")
    iam = account.client("iam")
    iam.create_user(UserName="reader")
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    client = account.client("lambda", **keys)
    assert code_of(lambda: client.invoke(FunctionName="f")) == "AccessDeniedException"
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn}]}
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=json.dumps(document))
    assert client.invoke(FunctionName="f")["StatusCode"] == 200
    assert code_of(lambda: client.get_function(FunctionName="f")) == "AccessDeniedException"
    iam.delete_user_policy(UserName="reader", PolicyName="p")
    assert code_of(lambda: client.invoke(FunctionName="f")) == "AccessDeniedException"


def test_a_verdict_on_invoke_is_not_remembered_past_a_change_of_the_functions_policy(account: LocalAccount) -> None:
    client = make_function(account, make_role(account), "return 1")
    iam = account.client("iam")
    iam.create_user(UserName="caller")
    key = iam.create_access_key(UserName="caller")["AccessKey"]
    caller = account.client("lambda", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    assert code_of(lambda: caller.invoke(FunctionName="f")) == "AccessDeniedException"
    principal = "arn:aws:iam::123456789012:user/caller"
    client.add_permission(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal=principal)
    assert caller.invoke(FunctionName="f")["StatusCode"] == 200
    client.remove_permission(FunctionName="f", StatementId="s")
    assert code_of(lambda: caller.invoke(FunctionName="f")) == "AccessDeniedException"


def test_a_condition_on_the_time_is_asked_every_time(account: LocalAccount) -> None:
    make_function(account, make_role(account), "return 1")
    iam = account.client("iam")
    iam.create_user(UserName="late")
    key = iam.create_access_key(UserName="late")["AccessKey"]
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(account.control.now()["now"] + 60))
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": until}}}
    iam.put_user_policy(
        UserName="late", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    client = account.client("lambda", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    account.control.set_clock("virtual")
    assert client.invoke(FunctionName="f")["StatusCode"] == 200
    account.control.advance(61)
    assert code_of(lambda: client.invoke(FunctionName="f")) == "AccessDeniedException"


def test_a_role_can_be_assumed_by_whom_it_trusts(account: LocalAccount) -> None:
    iam, sts = account.client("iam"), account.client("sts")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:user/learner"}, "Action": "sts:AssumeRole"}
        ],
    }
    arn = iam.create_role(RoleName="open", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    session = sts.assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
    keys = {
        "aws_access_key_id": session["AccessKeyId"],
        "aws_secret_access_key": session["SecretAccessKey"],
        "aws_session_token": session["SessionToken"],
    }
    assert account.client("sts", **keys).get_caller_identity()["Arn"] == "arn:aws:sts::123456789012:assumed-role/open/me"
    assert code_of(account.client("lambda", **keys).list_functions) == "AccessDeniedException"
    closed = make_role(account, "closed")
    assert code_of(lambda: sts.assume_role(RoleArn=closed, RoleSessionName="me")) == "AccessDenied"


def test_accounts_side_by_side_need_each_others_leave(account: LocalAccount) -> None:
    other = account.control.add_account("210987654321")
    keys = {"aws_access_key_id": other["aws_access_key_id"], "aws_secret_access_key": other["aws_secret_access_key"]}
    assert account.client("sts", **keys).get_caller_identity()["Account"] == "210987654321"
    client = make_function(account, make_role(account), "return 1")
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    stranger = account.client("lambda", **keys)
    assert stranger.list_functions()["Functions"] == []
    assert code_of(lambda: stranger.invoke(FunctionName=arn)) == "AccessDeniedException"
    client.add_permission(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="210987654321")
    assert stranger.invoke(FunctionName=arn)["StatusCode"] == 200


def test_passing_a_role_needs_permission(account: LocalAccount) -> None:
    role = make_role(account)
    iam = account.client("iam")
    iam.create_user(UserName="deployer")
    key = iam.create_access_key(UserName="deployer")["AccessKey"]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="deployer", PolicyName="p", PolicyDocument=json.dumps(document))
    client = account.client("lambda", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    config = {"Runtime": "python3.13", "Role": role, "Handler": "app.handler", "Code": {"ZipFile": zipped("")}}
    with pytest.raises(ClientError, match="iam:PassRole"):
        client.create_function(FunctionName="f", **config)


def test_an_anonymous_reader_gets_what_the_bucket_policy_opens(account: LocalAccount) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="pictures")
    s3.put_object(Bucket="pictures", Key="open/a.txt", Body=b"hello")
    address = f"{account.endpoint_url}/pictures/open/a.txt"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(address)
    arn = "arn:aws:s3:::pictures/open/*"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": arn}
    s3.put_bucket_policy(Bucket="pictures", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == b"hello"
    presigned = s3.generate_presigned_url("get_object", Params={"Bucket": "pictures", "Key": "open/a.txt"})
    with urllib.request.urlopen(presigned) as answer:
        assert answer.read() == b"hello"


# -- faults, time


def test_an_injected_error_is_what_the_client_sees_and_the_record_names_the_rule(account: LocalAccount) -> None:
    account.client("s3").create_bucket(Bucket="pictures")
    rule = account.control.add_fault(
        service="s3", operation="Put*", error={"code": "SlowDown", "message": "m", "status": 503}, count=1
    )
    put = {"Bucket": "pictures", "Key": "k", "Body": b"x"}
    assert code_of(lambda: account.client("s3").put_object(**put)) == "SlowDown"
    account.client("s3").put_object(**put)
    assert [call["fault"] for call in account.control.calls(operation="PutObject")] == [rule["id"], ""]


def test_an_injected_latency_delays_an_invocation(account: LocalAccount) -> None:
    client = make_function(account, make_role(account), "return 1")
    account.control.add_fault(service="lambda", operation="Invoke", latency_s=0.2)
    begun = time.monotonic()
    client.invoke(FunctionName="f")
    assert time.monotonic() - begun >= 0.2
    account.control.set_clock("virtual")
    before = account.control.now()["now"]
    client.invoke(FunctionName="f")
    assert account.control.now()["now"] - before >= 0.2


def test_virtual_time_retries_a_failing_event_when_it_is_advanced(account: LocalAccount) -> None:
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


# -- life


def test_reset_forgets_everything_but_the_learners_keys_in_milliseconds(account: LocalAccount) -> None:
    make_function(account, make_role(account), "return 1").invoke(FunctionName="f")
    account.client("s3").create_bucket(Bucket="pictures")
    account.control.add_fault(service="s3", error={"code": "SlowDown"})
    begun = time.monotonic()
    account.reset()
    assert time.monotonic() - begun < 0.5
    assert account.client("lambda").list_functions()["Functions"] == []
    assert account.client("s3").list_buckets()["Buckets"] == []
    assert [user["UserName"] for user in account.client("iam").list_users()["Users"]] == ["learner"]
    assert account.control.faults() == []


def test_a_reset_answers_whoever_still_waits(account: LocalAccount) -> None:
    client = make_function(account, make_role(account), "time.sleep(30)", Timeout=60)
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(client.invoke(FunctionName="f")))
    thread.start()
    while account.control.info()["environments"]["busy"] == 0:
        threading.Event().wait(0.01)
    account.reset()
    thread.join(10)
    assert answers[0]["FunctionError"] == "Unhandled"
    make_function(account, make_role(account), "return 1")
    assert client.invoke(FunctionName="f")["Payload"].read() == b"1"
    assert account.control.info()["environments"]["busy"] == 0


def test_two_accounts_at_once_do_not_see_each_other(account: LocalAccount) -> None:
    with local_account(seed=3) as other:
        account.client("s3").create_bucket(Bucket="pictures")
        assert other.client("s3").list_buckets()["Buckets"] == []
        make_function(other, make_role(other), "return 'other'")
        assert other.client("lambda").invoke(FunctionName="f")["Payload"].read() == b'"other"'
        assert account.client("lambda").list_functions()["Functions"] == []
        assert other.endpoint_url != account.endpoint_url


def children(pid: int) -> set[int]:
    found, waiting = set(), [pid]
    while waiting:
        current = waiting.pop()
        for task in Path(f"/proc/{current}/task").glob("*/children"):
            for child in task.read_text().split():
                found.add(int(child))
                waiting.append(int(child))
    return found


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see processes")
def test_a_closed_account_leaves_no_thread_and_no_process() -> None:
    before_threads, before = threading.active_count(), children(os.getpid())
    with local_account() as account:
        make_function(account, make_role(account), "return 1").invoke(FunctionName="f")
        assert children(os.getpid()) > before
    assert threading.active_count() == before_threads
    assert children(os.getpid()) == before


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see processes")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_served_account_ends_with_its_children_however_it_is_ended(number: int) -> None:
    script = (
        "import json\nfrom sandbox.account import Settings, serve\n"
        "serve(Settings(), 0, 0, lambda info: print(json.dumps(info), flush=True))"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    served = LocalAccount(Settings(), ready)
    client = make_function(served, make_role(served), "time.sleep(60)", Timeout=90)

    def wait_for_the_end() -> None:
        with suppress(BotoCoreError, ClientError):
            client.invoke(FunctionName="f")

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    while served.control.info()["environments"]["busy"] == 0:
        threading.Event().wait(0.02)
    family = children(process.pid)
    assert family
    process.send_signal(number)
    assert process.wait(10) in (0, -number)
    process.stdout.close()
    for _ in range(200):
        left = [pid for pid in family if Path(f"/proc/{pid}").exists() and "Z" not in state(pid)]
        if not left:
            break
        threading.Event().wait(0.02)
    assert left == []


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_a_port_in_use_names_the_fix_and_leaves_nothing_open(account: LocalAccount) -> None:
    port = urlsplit(account.endpoint_url).port
    assert port is not None
    before = threading.active_count()
    with pytest.raises(LearnerError, match=f"port {port} is in use.*--port"), local_account(port=port):
        pass
    with pytest.raises(LearnerError, match=f"port {port} is in use.*--control-port"), local_account(control_port=port):
        pass
    assert threading.active_count() == before


def test_environ_points_any_client_at_the_account(account: LocalAccount) -> None:
    import boto3

    account.client("s3").create_bucket(Bucket="pictures")
    listed = subprocess.run(
        [sys.executable, "-c", "import boto3; print([b['Name'] for b in boto3.client('s3').list_buckets()['Buckets']])"],
        env={**os.environ, **account.environ()},
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout.strip() == "['pictures']"
    assert boto3.DEFAULT_SESSION is None
