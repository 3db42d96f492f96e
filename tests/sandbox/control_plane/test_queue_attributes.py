"""Ranges as in the SQS API reference (CreateQueue, "Attributes"); code and text as SQS answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from sandbox.account import InprocessAccount, inprocess_account


@pytest.fixture(name="account", scope="module")
def account_of_this_file() -> Iterator[InprocessAccount]:
    with inprocess_account(seed=1) as account:
        yield account


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VisibilityTimeout", "43201"),
        ("VisibilityTimeout", "-1"),
        ("MessageRetentionPeriod", "59"),
        ("DelaySeconds", "901"),
        ("ReceiveMessageWaitTimeSeconds", "21"),
        ("MaximumMessageSize", "many"),
    ],
)
def test_a_number_out_of_its_range_is_refused_and_makes_no_queue(account: InprocessAccount, name: str, value: str) -> None:
    sqs = account.client("sqs")
    with pytest.raises(ClientError, match=f"Invalid value for the parameter {name}") as refused:
        sqs.create_queue(QueueName="q", Attributes={name: value})
    assert refused.value.response["Error"]["Code"].endswith("InvalidAttributeValue")
    assert "QueueUrls" not in sqs.list_queues()


def test_the_ends_of_a_range_are_inside_and_an_update_is_checked_too(account: InprocessAccount) -> None:
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="ends", Attributes={"VisibilityTimeout": "43200", "DelaySeconds": "0"})["QueueUrl"]
    with pytest.raises(ClientError, match="Invalid value for the parameter DelaySeconds"):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "1000"})
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])["Attributes"]["DelaySeconds"] == "0"
    sqs.delete_queue(QueueUrl=url)


def test_cloudformation_hands_numbers_on_as_they_are(account: InprocessAccount) -> None:
    template = '{"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 43201}}}}'
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="app", TemplateBody=template)
    reasons = [row.get("ResourceStatusReason", "") for row in cloud.describe_stack_events(StackName="app")["StackEvents"]]
    assert any("Invalid value for the parameter VisibilityTimeout" in reason for reason in reasons)
