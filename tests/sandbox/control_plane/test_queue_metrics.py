from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from sandbox.account import inprocess_account

START = 1_800_000_000.0


@pytest.fixture
def account():
    with inprocess_account(seed=7, start=START) as opened:
        yield opened


def figure(account, metric, statistic="Maximum", queue="dlq"):
    now = account.control.now()["now"]
    points = account.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName=metric,
        Dimensions=[{"Name": "QueueName", "Value": queue}],
        StartTime=datetime.fromtimestamp(START, UTC),
        EndTime=datetime.fromtimestamp(now + 1, UTC),
        Period=3_600,
        Statistics=[statistic],
    )["Datapoints"]
    return sum(point[statistic] for point in points)


def test_what_is_in_a_queue_is_measured_each_minute(account):
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="dlq")["QueueUrl"]
    for _ in range(3):
        sqs.send_message(QueueUrl=url, MessageBody="four")
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=600)
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=600)
    account.control.advance(120)
    assert figure(account, "ApproximateNumberOfMessagesVisible") == 2
    assert figure(account, "ApproximateNumberOfMessagesNotVisible") == 1
    assert figure(account, "ApproximateNumberOfMessagesDelayed") == 1
    assert figure(account, "ApproximateAgeOfOldestMessage") == pytest.approx(119, abs=1)
    assert figure(account, "NumberOfMessagesSent", "Sum") == 4
    assert figure(account, "SentMessageSize", "Minimum") == 4
    assert figure(account, "NumberOfMessagesReceived", "Sum") == 1


def test_batches_and_deletions_are_counted(account):
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="dlq")["QueueUrl"]
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(number), "MessageBody": "m"} for number in range(5)])
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=received[0]["ReceiptHandle"])
    rest = [{"Id": str(number), "ReceiptHandle": row["ReceiptHandle"]} for number, row in enumerate(received[1:])]
    if rest:
        sqs.delete_message_batch(QueueUrl=url, Entries=rest)
    sqs.receive_message(QueueUrl=url)
    assert figure(account, "NumberOfMessagesSent", "Sum") == 5
    assert figure(account, "NumberOfMessagesDeleted", "Sum") == len(received)
    assert figure(account, "NumberOfEmptyReceives", "Sum") == 1


def test_an_alarm_on_a_dead_letter_queue_goes_off_and_comes_back(account):
    """The alarm of every queue's production check: something is in the DLQ."""
    sqs, cloudwatch = account.client("sqs"), account.client("cloudwatch")
    url = sqs.create_queue(QueueName="dlq")["QueueUrl"]
    cloudwatch.put_metric_alarm(
        AlarmName="dlq",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": "dlq"}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )

    def state():
        account.control.advance(60)
        return cloudwatch.describe_alarms(AlarmNames=["dlq"])["MetricAlarms"][0]["StateValue"]

    assert state() == "OK"
    sqs.send_message(QueueUrl=url, MessageBody="m")
    assert state() == "ALARM"
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert state() == "OK"


def test_an_account_at_rest_stops_measuring_and_costs_nothing(account):
    account.client("sqs").create_queue(QueueName="dlq")
    started = time.perf_counter()
    account.control.advance(7 * 3_600)
    assert time.perf_counter() - started < 2
    assert account.account.clock.next_due() is None
    assert account.control.now()["quiet"]
