"""Topics end to end: forms, filters, permissions, retries, dead letters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, PRINTS, Stage, stage

TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:news"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:inbox"


@pytest.fixture(scope="module")
def account_of_module() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.fixture
def at(account_of_module: Stage) -> Stage:
    made = account_of_module.again()
    made.client("sns").create_topic(Name="news")
    return made


def _subscribe(at: Stage, endpoint: str = QUEUE, **attributes: str) -> str:
    protocol = endpoint.split(":")[2]
    made = at.client("sns").subscribe(TopicArn=TOPIC, Protocol=protocol, Endpoint=endpoint, Attributes=attributes)
    return str(made["SubscriptionArn"])


def _publish(at: Stage, message: str = "hello", **fields: Any) -> str:
    return str(at.client("sns").publish(TopicArn=TOPIC, Message=message, **fields)["MessageId"])


def _text(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}


def _metric(at: Stage, name: str) -> float:
    now = at.control.now()["now"]
    points = at.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SNS",
        MetricName=name,
        Dimensions=[{"Name": "TopicName", "Value": "news"}],
        StartTime=now - 86_400 * 30,
        EndTime=now + 60,
        Period=86_400,
        Statistics=["Sum"],
    )["Datapoints"]
    return float(sum(point["Sum"] for point in points))


def test_a_queue_gets_the_envelope(at: Stage) -> None:
    """SNS guide, "sns-message-and-json-formats"; members: localstack/localstack test_s3_notifications_sns.snapshot.json."""
    at.queue(allow="sns.amazonaws.com")
    arn = _subscribe(at)
    attributes = {"kind": _text("x"), "n": {**_text("7"), "DataType": "Number"}}
    message_id = _publish(at, Subject="greeting", MessageAttributes=attributes)
    at.settle()
    (message,) = at.messages()
    assert message["Body"].startswith('{\n  "Type" : "Notification",\n  "MessageId" : ')
    body = json.loads(message["Body"])
    assert list(body) == [
        "Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL",
        "UnsubscribeURL", "MessageAttributes",
    ]  # fmt: skip
    assert (body["MessageId"], body["TopicArn"], body["Message"]) == (message_id, TOPIC, "hello")
    assert body["MessageAttributes"] == {"kind": {"Type": "String", "Value": "x"}, "n": {"Type": "Number", "Value": "7"}}
    assert body["UnsubscribeURL"].endswith(arn)
    assert at.books("sns deliveries")["processed"] == 1


def test_raw_delivery_gives_the_message_and_its_attributes_as_they_are(at: Stage) -> None:
    at.queue(allow="sns.amazonaws.com")
    _subscribe(at, RawMessageDelivery="true")
    _publish(at, "plain", MessageAttributes={"kind": _text("x"), "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\x01"}})
    at.settle()
    (message,) = at.messages()
    assert message["Body"] == "plain"
    assert message["MessageAttributes"]["kind"] == {"StringValue": "x", "DataType": "String"}
    assert message["MessageAttributes"]["bytes"]["BinaryValue"] == b"\x00\x01"


def test_a_function_gets_one_record_with_the_subscription_s_arn(at: Stage) -> None:
    """Lambda guide, "with-sns": EventSource, EventVersion, EventSubscriptionArn, Sns."""
    at.allow(at.function(source=PRINTS), "sns.amazonaws.com", SourceArn=TOPIC)
    arn = _subscribe(at, f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:worker")
    message_id = _publish(at, MessageAttributes={"kind": _text("x")})
    at.settle()
    (event,) = at.events()
    (record,) = event["Records"]
    assert (record["EventSource"], record["EventVersion"], record["EventSubscriptionArn"]) == ("aws:sns", "1.0", arn)
    said = record["Sns"]
    assert (said["MessageId"], said["TopicArn"], said["Subject"], said["Message"]) == (message_id, TOPIC, None, "hello")
    assert said["MessageAttributes"] == {"kind": {"Type": "String", "Value": "x"}}
    assert {"SigningCertUrl", "UnsubscribeUrl", "Signature", "SignatureVersion", "Timestamp", "Type"} <= set(said)


@pytest.mark.parametrize(
    ("policy", "attributes", "passes"),
    [
        ({"kind": ["a", "b"]}, {"kind": "a"}, True),
        ({"kind": ["a"]}, {}, False),
        ({"kind": [{"anything-but": ["a"]}]}, {"kind": "b"}, True),
        ({"kind": [{"anything-but": ["a"]}]}, {}, False),
        ({"kind": [{"prefix": "ab"}], "other": [{"exists": False}]}, {"kind": "abc"}, True),
        ({"kind": [{"suffix": "c"}, {"wildcard": "x*z"}]}, {"kind": "xyz"}, True),
        ({"kind": [{"equals-ignore-case": "ABC"}]}, {"kind": "abc"}, True),
        ({"ip": [{"cidr": "10.0.0.0/24"}]}, {"ip": "10.0.0.7"}, True),
        ({"n": [{"numeric": [">=", 1, "<", 5]}]}, {"n": "#3"}, True),
        ({"n": [{"numeric": ["=", 301]}]}, {"n": "301"}, False),
        ({"list": ["b"]}, {"list": '["a","b"]'}, True),
        ({"$or": [{"kind": ["a"]}, {"n": [1]}]}, {"n": "#1"}, True),
    ],
)
def test_filter_policies_over_attributes(at: Stage, policy: Any, attributes: dict[str, str], passes: bool) -> None:
    """SNS guide, "subscription filter policies"; a leading # marks a Number here, a bracket a String.Array."""
    at.queue(allow="sns.amazonaws.com")
    _subscribe(at, FilterPolicy=json.dumps(policy))
    given = {}
    for name, value in attributes.items():
        kind = "Number" if value[0] == "#" else "String.Array" if value[0] == "[" else "String"
        given[name] = {"DataType": kind, "StringValue": value.lstrip("#")}
    _publish(at, MessageAttributes=given)
    at.settle()
    assert len(at.messages()) == int(passes)
    assert _metric(at, "NumberOfNotificationsFilteredOut") == int(not passes)


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ({"store": {"city": "Graz"}, "items": [{"n": 1}, {"n": 200}]}, True),
        ({"store": {"city": "Wien"}, "items": [{"n": 200}]}, False),
        ({"store": {"city": "Graz"}}, False),
        ("text", False),
    ],
)
def test_filter_policies_over_the_body(at: Stage, body: Any, passes: bool) -> None:
    at.queue(allow="sns.amazonaws.com")
    policy = {"store": {"city": ["Graz"]}, "items": {"n": [{"numeric": [">", 100]}]}}
    _subscribe(at, FilterPolicyScope="MessageBody", FilterPolicy=json.dumps(policy))
    _publish(at, json.dumps(body))
    at.settle()
    assert len(at.messages()) == int(passes)


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("{", "failed to parse JSON"),
        ('{"a": ["b"], "c": {"d": ["e"]}}', "does not support nested filter policy"),
        ('{"a": [["b"]]}', "Match value must be String, number, true, false, or null"),
        ('{"a": [{"wrong-operator": true}]}', "Unrecognized match type wrong-operator"),
        ('{"a": [{"suffix": "v", "prefix": "w"}]}', "Only one key allowed in match expression"),
        ('{"a": [{"suffix": 100}]}', "suffix match pattern must be a string"),
        ('{"a": [1], "b": [1], "c": [1], "d": [1], "e": [1], "f": [1]}', "can not have more than 5 keys"),
        (json.dumps({"a": list(range(151))}), "Filter policy is too complex"),
    ],
)
def test_a_bad_filter_policy_is_refused_and_nothing_is_subscribed(at: Stage, policy: str, reason: str) -> None:
    """localstack/localstack test_sns_filter_policy.snapshot.json, test_validate_policy and test_policy_complexity."""
    at.queue(allow="sns.amazonaws.com")
    with pytest.raises(ClientError, match=reason) as caught:
        _subscribe(at, FilterPolicy=policy)
    assert caught.value.response["Error"]["Code"] == "InvalidParameter"
    assert at.client("sns").list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"] == []


def test_a_queue_that_does_not_let_the_topic_in_gets_nothing_and_the_books_say_why(at: Stage) -> None:
    at.queue()
    _subscribe(at)
    _publish(at)
    at.settle()
    books = at.books("sns deliveries")
    assert (books["accepted"], books["dropped"], books["balanced"]) == (1, {"AccessDenied": 1}, True)
    assert at.titles("drop") == ["Dropped: news to inbox (AccessDenied)"]
    assert _metric(at, "NumberOfNotificationsFailed") == 1


def test_a_function_s_policy_must_name_the_topic(at: Stage) -> None:
    arn = at.function(source=PRINTS)
    at.allow(arn, "sns.amazonaws.com", SourceArn=f"{TOPIC}-other")
    _subscribe(at, arn)
    _publish(at)
    at.settle()
    assert at.books("sns deliveries")["dropped"] == {"AccessDeniedException": 1}


def test_what_cannot_be_delivered_goes_to_the_subscription_s_dead_letter_queue(at: Stage) -> None:
    dead = at.queue("dead", allow="sns.amazonaws.com")
    arn = at.function(source=PRINTS)
    at.allow(arn, "sns.amazonaws.com")
    _subscribe(at, arn, RedrivePolicy=json.dumps({"deadLetterTargetArn": dead}))
    at.client("lambda").delete_function(FunctionName="worker")
    _publish(at)
    at.settle()
    (message,) = at.messages("dead")
    assert json.loads(message["Body"])["Message"] == "hello"
    assert set(message["MessageAttributes"]) == {"RequestID", "ErrorCode", "ErrorMessage"}
    assert at.books("sns deliveries")["dead_lettered"] == 1
    assert _metric(at, "NumberOfNotificationsRedrivenToDlq") == 1


def test_server_errors_are_tried_again_at_once_then_a_second_apart_then_slower(at: Stage) -> None:
    """SNS guide, "message delivery retries": immediate 3, pre-backoff 2 at 1 s, backoff 10 from 1 to 20 s."""
    at.queue(allow="sns.amazonaws.com")
    _subscribe(at)
    at.control.add_fault(service="sqs", operation="SendMessage", error={"code": "ServiceUnavailable", "status": 503}, count=16)
    _publish(at)
    at.settle()
    waits = [float(title.split()[2]) for title in at.titles("retry")]
    assert waits[:5] == [0, 0, 0, 1, 1]
    assert waits[5:15] == sorted(waits[5:15])
    assert waits[14:] == [20, 20]
    assert len(at.messages()) == 1


def test_a_message_may_say_different_things_to_different_protocols(at: Stage) -> None:
    at.queue(allow="sns.amazonaws.com")
    _subscribe(at)
    _publish(at, json.dumps({"default": "all", "sqs": "queue"}), MessageStructure="json")
    at.settle()
    assert at.bodies()[0]["Message"] == "queue"
    with pytest.raises(ClientError, match="No default entry in JSON message body"):
        _publish(at, "{}", MessageStructure="json")


def test_a_batch_delivers_each_entry_and_names_those_it_refuses(at: Stage) -> None:
    at.queue(allow="sns.amazonaws.com")
    _subscribe(at, RawMessageDelivery="true")
    entries = [{"Id": "a", "Message": "1"}, {"Id": "b", "Message": "2", "Subject": "x" * 101}]
    answer = at.client("sns").publish_batch(TopicArn=TOPIC, PublishBatchRequestEntries=entries)
    at.settle()
    assert [row["Id"] for row in answer["Successful"]] == ["a"]
    assert [(row["Id"], row["Code"]) for row in answer["Failed"]] == [("b", "InvalidParameter")]
    assert [message["Body"] for message in at.messages()] == ["1"]


def test_a_fifo_topic_keeps_groups_and_drops_duplicates(at: Stage) -> None:
    at.queue("inbox.fifo", allow="sns.amazonaws.com", FifoQueue="true")
    sns = at.client("sns")
    topic = sns.create_topic(Name="news.fifo", Attributes={"FifoTopic": "true", "ContentBasedDeduplication": "true"})["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"{QUEUE}.fifo", Attributes={"RawMessageDelivery": "true"})
    first = sns.publish(TopicArn=topic, Message="1", MessageGroupId="g")
    again = sns.publish(TopicArn=topic, Message="1", MessageGroupId="g")
    sns.publish(TopicArn=topic, Message="2", MessageGroupId="g")
    at.settle()
    assert (first["MessageId"], first["SequenceNumber"]) == (again["MessageId"], again["SequenceNumber"])
    assert [message["Body"] for message in at.messages("inbox.fifo")] == ["1", "2"]
    with pytest.raises(ClientError, match="The MessageGroupId parameter is required for FIFO topics"):
        sns.publish(TopicArn=topic, Message="3")


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ({"TopicArn": f"{TOPIC}-nobody"}, "NotFound", "Topic does not exist"),
        ({"Message": ""}, "InvalidParameter", "Invalid parameter: Empty message"),
        ({"Message": "x" * 262_145}, "InvalidParameter", "Invalid parameter: Message too long"),
        ({"MessageAttributes": {"a": _text("")}}, "ParameterValueInvalid", "must contain non-empty message attribute value"),
        ({"MessageDeduplicationId": "d"}, "InvalidParameter", "not valid for this topic type"),
    ],
)
def test_what_publish_refuses(at: Stage, fields: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(ClientError, match=message) as caught:
        at.client("sns").publish(**{"TopicArn": TOPIC, "Message": "m", **fields})
    assert caught.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("protocol", "endpoint", "message"),
    [
        ("sqs", "nope", "Invalid parameter: SQS endpoint ARN"),
        ("lambda", QUEUE, "Invalid parameter: Lambda endpoint ARN"),
        ("pigeon", "x", "Amazon SNS does not support this protocol string: pigeon"),
    ],
)
def test_what_subscribe_refuses(at: Stage, protocol: str, endpoint: str, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        at.client("sns").subscribe(TopicArn=TOPIC, Protocol=protocol, Endpoint=endpoint)


def test_protocols_that_lead_out_of_the_account_are_counted_not_sent(at: Stage) -> None:
    at.client("sns").subscribe(TopicArn=TOPIC, Protocol="email", Endpoint="a@example.com")
    _publish(at)
    at.settle()
    assert at.books("sns deliveries")["dropped"] == {"email is not delivered here": 1}


def test_a_queue_of_another_account_takes_messages_by_its_own_policy(at: Stage) -> None:
    keys = at.control.add_account("999999999999")
    theirs = at.account.client(
        "sqs",
        aws_access_key_id=keys["aws_access_key_id"],
        aws_secret_access_key=keys["aws_secret_access_key"],
    )
    arn = "arn:aws:sqs:us-east-1:999999999999:theirs"
    statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
    statement["Condition"] = {"ArnEquals": {"aws:SourceArn": TOPIC}}  # type: ignore[assignment]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = theirs.create_queue(QueueName="theirs", Attributes={"Policy": policy})["QueueUrl"]
    _subscribe(at, arn)
    _publish(at)
    at.settle()
    (message,) = theirs.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(message["Body"])["Message"] == "hello"
