from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from sandbox.account import InprocessAccount, inprocess_account
from sandbox.errors import InternalError
from sandbox.front_door import admission


@pytest.fixture(name="account")
def fresh_account() -> Iterator[InprocessAccount]:
    with inprocess_account(seed=1) as account:
        yield account


def error_of(call: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call()
    return dict(caught.value.response)


def test_an_operation_nobody_mapped_is_refused_by_name_and_kept_as_a_defect(
    account: InprocessAccount, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unmapped(*_: object) -> Any:
        raise InternalError("no IAM rule for sqs:ListQueues")

    monkeypatch.setattr(admission, "checks_for", unmapped)
    answer = error_of(account.client("sqs").list_queues)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "sqs:ListQueues" in answer["Error"]["Message"]
    assert any("sqs:ListQueues" in defect for defect in account.control.info()["defects"])


@pytest.mark.parametrize("service", ["sqs", "iam", "s3", "dynamodb", "cloudwatch"])
def test_what_breaks_inside_is_a_500_in_the_services_own_protocol(
    account: InprocessAccount, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, service: str
) -> None:
    def broken(*_: object) -> Any:
        raise RuntimeError("planted")

    monkeypatch.setattr(admission, "checks_for", broken)
    listing = {"sqs": "list_queues", "iam": "list_users", "s3": "list_buckets", "dynamodb": "list_tables"}
    answer = error_of(getattr(account.client(service), listing.get(service, "list_metrics")))
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert answer["Error"]["Code"] == "InternalFailure"
    assert "planted" in caplog.text


def test_a_verdict_that_touched_an_open_question_is_recorded_with_it(account: InprocessAccount) -> None:
    """AWS documents no answer for a boundary that is silent where a resource policy lets everybody in (sandbox.iam.evaluate)."""
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    nothing = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    policies = [json.dumps({"Version": "2012-10-17", "Statement": [statement]}) for statement in (everybody, nothing)]
    url = account.client("sqs").create_queue(QueueName="open", Attributes={"Policy": policies[0]})["QueueUrl"]
    iam = account.client("iam")
    boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=policies[1])["Policy"]["Arn"]
    iam.create_user(UserName="bounded", PermissionsBoundary=boundary)
    key = iam.create_access_key(UserName="bounded")["AccessKey"]
    own = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    error_of(lambda: account.client("sqs", **own).get_queue_attributes(QueueUrl=url))
    account.client("sqs").get_queue_attributes(QueueUrl=url)
    recorded = account.control.calls(service="sqs", operation="GetQueueAttributes")
    assert [(call["allowed"], call["undecided"]) for call in recorded] == [(False, ["everyone-and-boundary"]), (True, [])]


def test_a_service_the_sandbox_does_not_have_says_so(account: InprocessAccount, caplog: pytest.LogCaptureFixture) -> None:
    answer = error_of(account.client("athena").list_work_groups)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] in (500, 501)
    assert "athena" in answer["Error"]["Message"]


def test_every_call_leaves_a_record(account: InprocessAccount) -> None:
    account.client("s3").create_bucket(Bucket="pictures")
    error_of(lambda: account.client("s3").get_object(Bucket="pictures", Key="none"))
    error_of(account.client("s3", aws_secret_access_key="wrong").list_buckets)
    made, read, refused = account.control.calls()
    assert (made["operation"], made["status"], made["allowed"]) == ("CreateBucket", 200, True)
    assert made["statement"].startswith("identity:")
    assert (read["operation"], read["arns"], read["status"]) == ("GetObject", ["arn:aws:s3:::pictures/none"], 404)
    assert (refused["allowed"], refused["status"], refused["error"]) == (False, 403, "SignatureDoesNotMatch")


def test_an_explicit_deny_is_recorded_with_its_statement(account: InprocessAccount) -> None:
    iam = account.client("iam")
    iam.create_user(UserName="limited")
    statements = [
        {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Sid": "NoBuckets", "Effect": "Deny", "Action": "s3:CreateBucket", "Resource": "*"},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName="limited", PolicyName="own", PolicyDocument=document)
    key = iam.create_access_key(UserName="limited")["AccessKey"]
    s3 = account.client("s3", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    message = error_of(lambda: s3.create_bucket(Bucket="pictures"))["Error"]["Message"]
    assert "explicit deny" in message
    assert account.control.calls(allowed=False)[0]["statement"].endswith("#NoBuckets")


def call(account: InprocessAccount, method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Any:
    return account.http_call(url, method, headers or {}, body)


@pytest.mark.parametrize(
    ("url", "headers", "code"),
    [
        ("https://lambda.us-east-1.amazonaws.com/2015-03-31/functions", {}, "MissingAuthenticationTokenException"),
        ("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", {}, "MissingAuthenticationToken"),
        (
            "https://dynamodb.us-east-1.amazonaws.com/",
            {"X-Amz-Target": "DynamoDB_20120810.ListTables"},
            "MissingAuthenticationToken",
        ),
        ("https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", {}, "MissingAuthenticationToken"),
    ],
)
def test_an_unsigned_call_is_told_what_is_missing(
    account: InprocessAccount, url: str, headers: dict[str, str], code: str
) -> None:
    answer = call(account, "GET", url, headers)
    assert answer.status in (400, 403)
    assert code in answer.body.decode() + answer.header("x-amzn-errortype")


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/admin/login"])
def test_a_stranger_learns_what_this_is(account: InprocessAccount, path: str) -> None:
    answer = call(account, "GET", f"http://127.0.0.1:4566{path}")
    assert answer.status == 404
    assert "AWS_ENDPOINT_URL" in json.loads(answer.body)["message"]
    assert not any(name.lower().startswith("access-control") for name, _ in answer.headers)


def test_another_host_name_is_refused_whoever_signs(account: InprocessAccount) -> None:
    learner = account.account.learner
    url = "http://evil.example/2015-03-31/functions/f/invocations"
    request = AWSRequest("POST", url, data=b"{}", headers={"Host": "evil.example"})
    SigV4Auth(Credentials(learner.access_key_id, learner.secret_access_key), "lambda", "us-east-1").add_auth(request)
    answer = call(account, "POST", url, {name: str(value) for name, value in request.headers.items()}, b"{}")
    assert (answer.status, json.loads(answer.body)["__type"]) == (403, "HostNotAllowed")


def test_an_authorization_header_that_cannot_be_read_is_refused_in_the_services_protocol(account: InprocessAccount) -> None:
    url = "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions"
    answer = call(account, "GET", url, {"Authorization": "AWS4-HMAC-SHA256 nonsense", "X-Amz-Date": "20260101T000000Z"})
    assert answer.status in (400, 403)
    assert answer.header("x-amzn-errortype").startswith("IncompleteSignature")


@pytest.mark.parametrize(("kind", "member"), [("Sometimes", "invocationType"), ("RequestResponse", "logType")])
def test_values_outside_an_enum_are_a_validation_error(account: InprocessAccount, kind: str, member: str) -> None:
    options = {"InvocationType": kind, "LogType": "Head" if member == "logType" else "None"}
    answer = error_of(lambda: account.client("lambda").invoke(FunctionName="f", **options))
    assert answer["Error"]["Code"] == "ValidationException"
    assert f"at '{member}' failed to satisfy constraint" in answer["Error"]["Message"]
