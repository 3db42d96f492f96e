from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from sandbox.account import inprocess_account


@pytest.fixture(scope="module")
def account():
    with inprocess_account(seed=7, start=1_800_000_000.0) as opened:
        sqs, s3 = opened.client("sqs"), opened.client("s3")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="data")
        s3.create_bucket(Bucket="shop")
        s3.put_object(Bucket="shop", Key="k", Body=b"data")
        with pytest.raises(ClientError):
            sqs.get_queue_url(QueueName="none")
        opened.control.advance(10)
        yield opened


def names(account, **how):
    return [event["EventName"] for event in account.client("cloudtrail").lookup_events(**how)["Events"]]


def by(key, value):
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def test_management_events_are_there_newest_first_and_data_events_are_not(account):
    found = names(account, EndTime=1_800_000_005)
    assert found == ["GetQueueUrl", "CreateBucket", "CreateQueue"]


def test_an_event_has_the_shape_of_the_history(account):
    """CloudTrail user guide, "CloudTrail record contents"; ``CloudTrailEvent`` is a JSON text."""
    (event,) = account.client("cloudtrail").lookup_events(**by("EventName", "CreateQueue"))["Events"]
    assert (event["EventSource"], event["Username"], event["ReadOnly"]) == ("sqs.amazonaws.com", "learner", "false")
    arn = "arn:aws:sqs:us-east-1:123456789012:orders"
    assert event["Resources"] == [{"ResourceType": "AWS::SQS::Queue", "ResourceName": arn}]
    detail = json.loads(event["CloudTrailEvent"])
    assert detail["userIdentity"]["type"] == "IAMUser"
    assert detail["userIdentity"]["arn"] == "arn:aws:iam::123456789012:user/learner"
    assert (detail["eventTime"], detail["awsRegion"]) == ("2027-01-15T08:00:00Z", "us-east-1")
    assert (detail["eventID"], detail["recipientAccountId"]) == (event["EventId"], "123456789012")


def test_a_refused_call_has_its_error_code(account):
    (event,) = account.client("cloudtrail").lookup_events(**by("EventName", "GetQueueUrl"))["Events"]
    assert json.loads(event["CloudTrailEvent"])["errorCode"] == "QueueDoesNotExist"
    assert event["ReadOnly"] == "true"


def test_events_are_looked_up_by_one_attribute(account):
    assert names(account, **by("ResourceName", "orders"))[-1] == "CreateQueue"
    assert names(account, **by("EventSource", "s3.amazonaws.com")) == ["CreateBucket"]
    assert names(account, **by("Username", "nobody")) == []
    event = account.client("cloudtrail").lookup_events(**by("EventName", "CreateBucket"))["Events"][0]
    assert names(account, **by("EventId", event["EventId"])) == ["CreateBucket"]


def test_pages_go_on_where_they_ended(account):
    pages = (
        account.client("cloudtrail")
        .get_paginator("lookup_events")
        .paginate(EndTime=1_800_000_005, PaginationConfig={"PageSize": 2})
    )
    assert [len(page["Events"]) for page in pages] == [2, 1]


def test_another_regions_history_is_another(account):
    other = account.client("cloudtrail", region_name="eu-west-1").lookup_events(EndTime=1_800_000_005)
    assert other["Events"] == []


@pytest.mark.parametrize(
    "how",
    [{"StartTime": 1_800_000_005, "EndTime": 1_800_000_000}, {"MaxResults": 51}, {"NextToken": "x"}, by("AccessKeyId", "AKIA")],
)
def test_what_cannot_be_looked_up_is_refused(account, how):
    with pytest.raises(ClientError) as caught:
        names(account, **how)
    assert caught.value.response["Error"]["Code"].startswith("Invalid")
