from __future__ import annotations

import pytest

QUEUE = "arn:aws:sqs:us-east-1:111122223333:q"
TOPIC = "arn:aws:sns:us-east-1:111122223333:t"
STREAM = "arn:aws:kinesis:us-east-1:111122223333:stream/s"
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2026"
BUS = "arn:aws:events:us-east-1:111122223333:event-bus/default"


@pytest.mark.parametrize(
    ("action", "params", "tail"),
    [
        ("sqs:SendMessage", {"DeadLetterConfig": {"TargetArn": QUEUE}}, "SendMessage on SQS"),
        ("sns:Publish", {"DeadLetterConfig": {"TargetArn": TOPIC}}, "Publish on SNS"),
        ("ec2:CreateNetworkInterface", {"VpcConfig": {"SubnetIds": ["subnet-1"]}}, "CreateNetworkInterface on EC2"),
        ("ec2:DeleteNetworkInterface", {"VpcConfig": {"SubnetIds": ["subnet-1"]}}, "DeleteNetworkInterface on EC2"),
    ],
)
def test_a_configuration_needs_what_its_role_will_call(lab, action, params, tail):
    lab.denied.add(action)
    message = f"The provided execution role does not have permissions to call {tail}"
    assert lab.create_refused(**params).message == message
    lab.create()
    assert lab.refused("UpdateFunctionConfiguration", FunctionName="hello", **params).message == message
    lab.denied.clear()
    assert lab.call("UpdateFunctionConfiguration", FunctionName="hello", **params)["LastUpdateStatus"] == "InProgress"


def test_a_function_outside_a_vpc_needs_no_network(lab):
    lab.denied.add("ec2:CreateNetworkInterface")
    assert lab.create(VpcConfig={"SubnetIds": [], "SecurityGroupIds": []})["State"] == "Pending"


@pytest.mark.parametrize(
    ("arn", "action"),
    [(QUEUE, "sqs:SendMessage"), (TOPIC, "sns:Publish"), (BUS, "events:PutEvents"), ("arn:aws:s3:::b", "s3:PutObject")],
)
def test_a_destination_needs_its_permission(lab, arn, action):
    lab.create()
    given = {"FunctionName": "hello", "DestinationConfig": {"OnFailure": {"Destination": arn}}}
    lab.denied.add(action)
    call = action.partition(":")[2]
    assert lab.refused("PutFunctionEventInvokeConfig", **given).message == (
        f"The function's execution role does not have permissions to call {call} on {arn}"
    )
    lab.denied.clear()
    assert lab.call("PutFunctionEventInvokeConfig", **given)["DestinationConfig"]["OnFailure"] == {"Destination": arn}


@pytest.mark.parametrize("action", ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"])
def test_a_queue_needs_three_permissions(lab, action):
    lab.create()
    lab.denied.add(f"sqs:{action}")
    error = lab.refused("CreateEventSourceMapping", FunctionName="hello", EventSourceArn=QUEUE)
    assert error.message == f"The function execution role does not have permissions to call {action} on SQS"


@pytest.mark.parametrize(("arn", "service", "also"), [(STREAM, "kinesis", "ListShards, "), (TABLE, "dynamodb", "")])
def test_a_stream_says_what_its_role_must_be_able_to_do(lab, arn, service, also):
    lab.create()
    lab.denied.add(f"{service}:GetRecords")
    error = lab.refused("CreateEventSourceMapping", FunctionName="hello", EventSourceArn=arn, StartingPosition="LATEST")
    assert error.message == (
        f"Cannot access stream {arn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, {also}"
        "and ListStreams Actions on your stream in IAM."
    )
