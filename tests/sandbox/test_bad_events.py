"""Event wiring with a mistake in it: AWS's error, and nothing half made.

Sources: S3 API "PutBucketNotificationConfiguration"; Lambda guide, "Filter rule syntax" and "Recursive loop detection"; SNS
guide, "Message filtering"; EventBridge API "PutRule"; CloudFormation guide, "Circular dependency". The texts for a missing
queue are unsure, as docs/fidelity.md says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, REGION, Stage, stage

FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker"
NO_QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:nowhere"
WRITES_BACK = """
import boto3

def handler(event, context):
    key = event["Records"][0]["s3"]["object"]["key"]
    boto3.client("s3").put_object(Bucket="photos", Key=key + "x", Body=b"")
"""


@pytest.fixture(name="at", scope="module")
def stage_of_this_file() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.fixture(autouse=True)
def nothing_is_broken(at: Stage) -> Iterator[None]:
    at.again()
    yield
    at.settle()
    assert at.control.info()["defects"] == []
    assert all(row["balanced"] and row["pending"] == 0 for row in at.control.balance())


def refused(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def notify(at: Stage, target: dict[str, str], prefix: str = "") -> None:
    rule: dict[str, Any] = {**target, "Events": ["s3:ObjectCreated:*"]}
    if prefix:
        rule["Filter"] = {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}}
    kind = "LambdaFunctionConfigurations" if "LambdaFunctionArn" in target else "QueueConfigurations"
    at.client("s3").put_bucket_notification_configuration(Bucket="photos", NotificationConfiguration={kind: [rule]})


def test_a_notification_that_feeds_itself_is_stopped_and_counted(at: Stage) -> None:
    at.role("writer", ["logs:*", "s3:*"])
    at.function(source=WRITES_BACK, Role=f"arn:aws:iam::{ACCOUNT}:role/writer")
    at.client("s3").create_bucket(Bucket="photos")
    at.allow("worker", "s3.amazonaws.com")
    notify(at, {"LambdaFunctionArn": FUNCTION})
    at.client("s3").put_object(Bucket="photos", Key="a", Body=b"x")
    at.settle()
    books = at.books("asynchronous events")
    assert (books["processed"], books["dropped"]) == (16, {"RecursiveInvocation": 1})
    assert at.metric("RecursiveInvocationsDropped") == 1
    assert len(at.client("s3").list_objects_v2(Bucket="photos")["Contents"]) == 17


def test_a_template_whose_notification_is_a_circle_makes_nothing(at: Stage) -> None:
    role = at.role("template", ["logs:*"])
    template = {
        "Resources": {
            "Photos": {
                "Type": "AWS::S3::Bucket",
                "Properties": {
                    "NotificationConfiguration": {
                        "LambdaConfigurations": [{"Event": "s3:ObjectCreated:*", "Function": {"Fn::GetAtt": ["Resize", "Arn"]}}]
                    }
                },
            },
            "Resize": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Handler": "index.handler",
                    "Runtime": "python3.13",
                    "Role": role,
                    "Code": {"ZipFile": "def handler(event, context): return 1"},
                    "Environment": {"Variables": {"BUCKET": {"Ref": "Photos"}}},
                },
            },
        }
    }
    make = at.client("cloudformation").create_stack
    code, message = refused(lambda: make(StackName="circle", TemplateBody=json.dumps(template)))
    assert code == "ValidationError"
    assert message.startswith("Circular dependency between resources: [")
    assert at.client("cloudformation").list_stacks()["StackSummaries"] == []
    assert at.client("s3").list_buckets()["Buckets"] == []
    assert at.client("lambda").list_functions()["Functions"] == []


def test_a_mapping_with_a_filter_that_is_not_json(at: Stage) -> None:
    at.function()
    queue = at.queue()
    make = at.client("lambda").create_event_source_mapping
    criteria = {"Filters": [{"Pattern": "{not json"}]}
    code, message = refused(lambda: make(EventSourceArn=queue, FunctionName="worker", FilterCriteria=criteria))
    assert (code, message) == ("InvalidParameterValueException", "Invalid filter pattern definition.")
    assert at.client("lambda").list_event_source_mappings()["EventSourceMappings"] == []


def test_a_subscription_with_a_filter_that_is_not_json(at: Stage) -> None:
    topic = at.client("sns").create_topic(Name="news")["TopicArn"]
    ask = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": at.queue(), "Attributes": {"FilterPolicy": "{not json"}}
    code, message = refused(lambda: at.client("sns").subscribe(**ask))
    assert code == "InvalidParameter"
    assert "FilterPolicy" in message
    assert at.client("sns").list_subscriptions()["Subscriptions"] == []


def test_a_rule_with_a_pattern_that_is_not_json(at: Stage) -> None:
    code, message = refused(lambda: at.client("events").put_rule(Name="rule", EventPattern="{not json"))
    assert code == "InvalidEventPatternException"
    assert message.startswith("Event pattern is not valid. Reason: ")
    assert at.client("events").list_rules()["Rules"] == []


def test_a_notification_to_a_queue_that_does_not_exist_leaves_the_one_before(at: Stage) -> None:
    at.client("s3").create_bucket(Bucket="photos")
    queue = at.queue(allow="s3.amazonaws.com")
    notify(at, {"QueueArn": queue})
    code, message = refused(lambda: notify(at, {"QueueArn": NO_QUEUE}))
    assert (code, message) == ("InvalidArgument", "Unable to validate the following destination configurations")
    kept = at.client("s3").get_bucket_notification_configuration(Bucket="photos")["QueueConfigurations"]
    assert [rule["QueueArn"] for rule in kept] == [queue]


def test_a_mapping_to_a_queue_that_does_not_exist(at: Stage) -> None:
    at.function()
    make = at.client("lambda").create_event_source_mapping
    code, message = refused(lambda: make(EventSourceArn=NO_QUEUE, FunctionName="worker"))
    assert code == "InvalidParameterValueException"
    assert "NonExistentQueue" in message
    assert at.client("lambda").list_event_source_mappings()["EventSourceMappings"] == []


def test_a_message_to_a_queue_that_does_not_exist(at: Stage) -> None:
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/nowhere"
    code, _ = refused(lambda: at.client("sqs").send_message(QueueUrl=url, MessageBody="m"))
    assert code == "AWS.SimpleQueueService.NonExistentQueue"
    assert at.client("sqs").list_queues().get("QueueUrls", []) == []


def test_a_dead_letter_queue_that_does_not_exist_loses_the_event_with_its_reason(at: Stage) -> None:
    at.function(source="def handler(event, context):\n    raise ValueError\n", DeadLetterConfig={"TargetArn": NO_QUEUE})
    at.start()
    at.settle()
    assert at.books("asynchronous events")["dropped"] == {"RetriesExhausted": 1}
    assert at.metric("DeadLetterErrors") == 1
    assert at.titles("dead letter") == ["Dead letter not delivered: nowhere"]
