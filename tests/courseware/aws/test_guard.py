"""The guardrails at work, against our own account as if it were AWS."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest

from autograder.lab import Lab
from courseware.aws.clean import clean, take_back
from courseware.aws.guard import Guard, plain_clients, wait_for_the_role
from courseware.aws.run import Entry, Run, now_s
from courseware.aws.whose import TEST_ENDPOINT
from courseware.errors import LearnerError
from sandbox.account import LocalAccount, local_account

HANDLER = "import os\n\n\ndef handler(event, context):\n    return [context.function_name, os.environ['ME']]\n"
TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


@pytest.fixture(scope="module")
def account() -> Iterator[LocalAccount]:
    with local_account(virtual_time=True) as running:
        yield running


@pytest.fixture
def here(account: LocalAccount, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run in the account, which stands in for AWS."""
    account.reset()
    for name, value in {**account.environ(), TEST_ENDPOINT: account.endpoint_url}.items():
        monkeypatch.setenv(name, value)
    begun = replace(run, account_id=account.account_id)
    begun.save()
    return begun


@pytest.fixture
def guarded(here: Run, lab: Lab) -> Iterator[boto3.session.Session]:
    with Guard(here, lab).installed():
        yield boto3.session.Session()


@pytest.fixture(scope="module")
def clients_made() -> dict[str, Any]:
    """Making a client takes longer than most tests here."""
    return {}


@pytest.fixture
def aws(here: Run, clients_made: dict[str, Any]) -> Any:
    """Clients without guardrails: what is really there."""
    if not clients_made:
        clients_made["all"] = plain_clients(here, boto3.session.Session())
    return clients_made["all"]


def make_function(session: boto3.session.Session) -> None:
    iam, awslambda = session.client("iam"), session.client("lambda")
    role = iam.create_role(RoleName="teapot-role", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", **TRUST}))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr(
            "app.py", "import os\n\n\ndef handler(event, context):\n    return [context.function_name, os.environ['ME']]\n"
        )
    awslambda.create_function(
        FunctionName="teapot",
        Runtime="python3.14",
        Role=role["Role"]["Arn"],
        Handler="app.handler",
        Code={"ZipFile": archive.getvalue()},
        Environment={"Variables": {"ME": "teapot"}},
    )
    awslambda.get_waiter("function_active_v2").wait(FunctionName="teapot")


def test_cells_see_the_labs_names_and_aws_sees_prefix_and_tags(guarded: boto3.session.Session, aws: Any, here: Run) -> None:
    make_function(guarded)
    seen = guarded.client("lambda").get_function(FunctionName="teapot")
    assert seen["Configuration"]["FunctionName"] == "teapot"
    assert seen["Configuration"]["Role"].endswith(":role/teapot-role")
    real = aws("lambda").get_function(FunctionName=f"{here.prefix}teapot")
    assert real["Configuration"]["Role"].endswith(f":role/{here.prefix}teapot-role")
    assert real["Tags"] == here.tags
    tags = aws("iam").list_role_tags(RoleName=f"{here.prefix}teapot-role")["Tags"]
    assert {row["Key"]: row["Value"] for row in tags} == here.tags
    names = [f"{here.prefix}teapot", f"{here.prefix}teapot"]
    assert json.loads(guarded.client("lambda").invoke(FunctionName="teapot")["Payload"].read()) == names


def test_whichever_way_a_client_is_made_it_is_watched(guarded: boto3.session.Session, aws: Any, here: Run) -> None:
    guarded.resource("dynamodb").create_table(
        TableName="photos",
        KeySchema=[{"AttributeName": "photos", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "photos", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    table = boto3.session.Session().resource("dynamodb").Table("photos")
    table.put_item(Item={"photos": "photos"})
    assert table.get_item(Key={"photos": "photos"})["Item"] == {"photos": "photos"}
    assert aws("dynamodb").list_tables()["TableNames"] == [f"{here.prefix}photos"]


def test_what_another_process_of_the_lab_made_is_known_by_its_name(guarded: boto3.session.Session, here: Run, aws: Any) -> None:
    sqs = guarded.client("sqs")
    aws("sqs").create_queue(QueueName=f"{here.prefix}orders")
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName="orders")
    here.journal.write(Entry("making", "queue", "orders"))
    assert sqs.get_queue_url(QueueName="orders")["QueueUrl"].endswith("/orders")


def test_a_bucket_gets_its_tags_although_its_making_takes_none(guarded: boto3.session.Session, aws: Any, here: Run) -> None:
    s3 = guarded.client("s3")
    s3.create_bucket(Bucket="leaves")
    tags = aws("s3").get_bucket_tagging(Bucket=f"{here.prefix}leaves")["TagSet"]
    assert {row["Key"]: row["Value"] for row in tags} == here.tags
    s3.put_object(Bucket="leaves", Key="leaves", Body=b"x")
    s3.copy_object(Bucket="leaves", Key="copy", CopySource={"Bucket": "leaves", "Key": "leaves"})
    assert [row["Key"] for row in s3.list_objects_v2(Bucket="leaves")["Contents"]] == ["copy", "leaves"]
    assert here.prefix in s3.generate_presigned_url("get_object", Params={"Bucket": "leaves", "Key": "copy"})


def test_the_journal_knows_of_a_creation_before_aws_does(guarded: boto3.session.Session, here: Run) -> None:
    sqs = guarded.client("sqs")

    def crash(**_: Any) -> None:
        raise KeyboardInterrupt

    sqs.meta.events.register("before-send", crash)
    with pytest.raises(KeyboardInterrupt):
        sqs.create_queue(QueueName="orders")
    assert [(entry.event, entry.kind, entry.name) for entry in here.journal] == [("making", "queue", "orders")]


@pytest.mark.parametrize(
    ("service", "call", "params"),
    [
        ("ec2", "run_instances", {"MinCount": 1, "MaxCount": 1}),
        ("iam", "create_access_key", {}),
        ("apigateway", "import_rest_api", {"body": b"{}"}),
        ("logs", "put_query_definition", {"name": "n", "queryString": "fields @message"}),
    ],
)
def test_what_could_not_be_taken_back_is_not_made(
    guarded: boto3.session.Session, service: str, call: str, params: dict[str, Any]
) -> None:
    with pytest.raises(LearnerError, match="is not done on a real account"):
        getattr(guarded.client(service), call)(**params)


def test_what_has_no_name_is_not_made(guarded: boto3.session.Session) -> None:
    with pytest.raises(LearnerError, match="give the API key a name"):
        guarded.client("apigateway").create_api_key()


def test_a_template_may_fix_names_of_the_lab_and_no_others(guarded: boto3.session.Session, here: Run, aws: Any) -> None:
    cloudformation = guarded.client("cloudformation")
    template = "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: %s}}}"
    with pytest.raises(LearnerError, match="fixes the name 'my-queue'"):
        cloudformation.create_stack(StackName="shop", TemplateBody=template % "my-queue")
    cloudformation.create_stack(StackName="shop", TemplateBody=template % "teapot")
    assert [row["StackName"] for row in aws("cloudformation").describe_stacks()["Stacks"]] == [f"{here.prefix}shop"]
    assert aws("sqs").list_queues()["QueueUrls"][0].endswith(f"/{here.prefix}teapot")


def test_a_client_of_another_account_region_or_place_is_refused(guarded: boto3.session.Session, here: Run, lab: Lab) -> None:
    with pytest.raises(LearnerError, match="runs in us-east-1; a client of sqs is made for eu-west-1"):
        guarded.client("sqs", region_name="eu-west-1").list_queues()
    with pytest.raises(LearnerError, match="would talk to http"):
        guarded.client("sqs", endpoint_url="http://127.0.0.1:1").list_queues()
    stranger = replace(here, account_id="444455556666")
    with Guard(stranger, lab).installed(), pytest.raises(LearnerError, match=r"is of account .*; this lab stays in 444455556666"):
        boto3.session.Session().client("sqs").list_queues()


def test_afterwards_boto3_is_as_it_was(here: Run, lab: Lab, aws: Any) -> None:
    with Guard(here, lab).installed():
        pass
    boto3.session.Session().client("sqs").create_queue(QueueName="plain")
    assert aws("sqs").list_queues()["QueueUrls"][0].endswith("/plain")


def test_nothing_is_opened_without_an_end_time(guarded: boto3.session.Session, aws: Any, here: Run) -> None:
    make_function(guarded)
    awslambda = guarded.client("lambda")
    with pytest.raises(LearnerError, match=r"without a signature: on a real account .*aws start tea-shop --public-for 30m"):
        awslambda.create_function_url_config(FunctionName="teapot", AuthType="NONE")
    assert aws("lambda").list_function_url_configs(FunctionName=f"{here.prefix}teapot")["FunctionUrlConfigs"] == []


def test_what_was_opened_is_taken_back_and_the_rest_of_the_lab_stays(here: Run, lab: Lab, aws: Any) -> None:
    opened = replace(here, public_until_s=now_s() + 60)
    with Guard(opened, lab).installed():
        session = boto3.session.Session()
        make_function(session)
        awslambda = session.client("lambda")
        awslambda.create_function_url_config(FunctionName="teapot", AuthType="NONE")
        anybody = {"FunctionName": "teapot", "StatementId": "all", "Principal": "*", "FunctionUrlAuthType": "NONE"}
        awslambda.add_permission(Action="lambda:InvokeFunctionUrl", **anybody)
    assert len(take_back(opened, aws)) == 2
    assert take_back(opened, aws) == []
    real = f"{here.prefix}teapot"
    assert aws("lambda").get_function_url_config(FunctionName=real)["AuthType"] == "AWS_IAM"
    with pytest.raises(aws("lambda").exceptions.ResourceNotFoundException):
        aws("lambda").get_policy(FunctionName=real)


def test_taking_back_what_is_gone_already_is_no_failure(here: Run, aws: Any) -> None:
    close = {
        "service": "lambda",
        "call": "remove_permission",
        "params": {"FunctionName": "gone", "StatementId": "s"},
        "remove": None,
    }
    here.journal.write(Entry("opening", "lambda", "the function's policy lets anybody call", close))
    assert take_back(here, aws) == ["the function's policy lets anybody call"]


def test_clean_removes_what_the_lab_made_and_nothing_else_and_may_be_run_again(
    guarded: boto3.session.Session, aws: Any, here: Run
) -> None:
    make_function(guarded)
    guarded.client("sqs").create_queue(QueueName="orders")
    guarded.client("s3").create_bucket(Bucket="leaves")
    guarded.client("s3").put_object(Bucket="leaves", Key="a", Body=b"x")
    guarded.client("events").put_rule(Name="tick", ScheduleExpression="rate(1 day)")
    guarded.client("events").put_targets(Rule="tick", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:orders"}])
    aws("sqs").create_queue(QueueName="course-ada-other-lab--orders")
    aws("sqs").create_queue(QueueName="orders")
    cleaned = clean(here, aws)
    assert (cleaned.left, cleaned.unsure) == ([], [])
    assert sorted(line.split()[0] for line in cleaned.removed) == ["bucket", "function", "queue", "role", "rule"]
    assert [url.rsplit("/", 1)[1] for url in aws("sqs").list_queues()["QueueUrls"]] == ["course-ada-other-lab--orders", "orders"]
    assert list(here.journal) == []
    assert clean(here, aws).removed == []


def test_clean_finds_everything_though_the_learners_records_are_lost(guarded: boto3.session.Session, aws: Any, here: Run) -> None:
    make_function(guarded)
    here.forget()
    assert len(clean(here, aws).removed) == 2


def test_what_carries_the_tags_under_another_name_is_found_by_them(here: Run, aws: Any) -> None:
    aws("sqs").create_queue(QueueName="renamed", tags=here.tags)
    assert [line.rsplit("/", 1)[1] for line in clean(here, aws).removed] == ["renamed"]


def test_what_cannot_be_removed_is_named_with_the_reason(here: Run, aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    aws("kms").create_key(Tags=[{"TagKey": key, "TagValue": value} for key, value in here.tags.items()])
    aws("iam").create_role(RoleName=f"{here.prefix}r", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", **TRUST}))
    denied = aws("iam").exceptions.ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, "DeleteRole")

    def refuse(**_: Any) -> None:
        raise denied

    monkeypatch.setattr(aws("iam"), "delete_role", refuse)
    cleaned = clean(here, aws)
    assert [line.split(":")[0] for line in cleaned.left] == ["arn", f"role {here.prefix}r"]
    assert "does not know how to remove its kind" in cleaned.left[0]
    assert "not you" in cleaned.left[1]


def test_a_new_role_is_waited_for_and_other_errors_are_not() -> None:
    young = (None, {"Error": {"Message": "The role defined for the function cannot be assumed by Lambda."}})
    assert wait_for_the_role(young, attempts=1)
    assert wait_for_the_role(young, attempts=8) is None
    assert wait_for_the_role((None, {"Error": {"Message": "no such role"}}), attempts=1) is None
    assert wait_for_the_role(None, attempts=1) is None
