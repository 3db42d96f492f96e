"""EventBridge end to end: patterns, targets, inputs, permissions, retries, dead letters, buses, schedules, archives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, PRINTS, REGION, Stage, stage

QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:inbox"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/orders"
BROKEN = {"code": "ServiceUnavailable", "status": 503}
ORDERS = {"source": ["shop"], "detail": {"total": [{"numeric": [">", 10]}]}}


@pytest.fixture
def at() -> Iterator[Stage]:
    with stage(start=1_800_000_000.0) as made:
        yield made


def _rule(at: Stage, target: str = QUEUE, name: str = "orders", bus: str = "default", **fields: Any) -> None:
    events = at.client("events")
    events.put_rule(Name=name, EventPattern=json.dumps(ORDERS), EventBusName=bus)
    events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "1", "Arn": target, **fields}])


def _put(at: Stage, total: int = 20, **fields: Any) -> dict[str, Any]:
    entry = {"Source": "shop", "DetailType": "placed", "Detail": json.dumps({"total": total}), **fields}
    found: dict[str, Any] = at.client("events").put_events(Entries=[entry])
    return found


def _metric(at: Stage, name: str, rule: str = "orders") -> float:
    now = at.control.now()["now"]
    points = at.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Events",
        MetricName=name,
        Dimensions=[{"Name": "RuleName", "Value": rule}],
        StartTime=now - 86_400 * 3,
        EndTime=now + 60,
        Period=86_400,
        Statistics=["Sum"],
    )["Datapoints"]
    return float(sum(point["Sum"] for point in points))


def test_a_queue_gets_the_whole_event(at: Stage) -> None:
    """Members and order: localstack/localstack test_events_targets.snapshot.json, test_put_events_with_target_sqs."""
    at.queue(allow="events.amazonaws.com")
    _rule(at)
    answer = _put(at, Resources=["a"])
    _put(at, 5)
    at.settle()
    (body,) = at.bodies()
    assert list(body) == ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"]
    assert body["id"] == answer["Entries"][0]["EventId"]
    assert (body["time"], body["resources"], body["detail"]) == ("2027-01-15T08:00:00Z", ["a"], {"total": 20})
    assert at.books("eventbridge targets")["processed"] == 1
    assert at.books("eventbridge events")["dropped"] == {"no rule matches": 1}
    assert any(title.endswith("no rule matches") for title in at.titles("event"))


def test_a_function_is_invoked_by_its_own_policy(at: Stage) -> None:
    arn = at.function(source=PRINTS)
    _rule(at, arn)
    _put(at)
    at.settle()
    assert at.metric("Invocations") == 0
    assert at.books("eventbridge targets")["dropped"] == {"AccessDeniedException": 1}
    at.allow("worker", "events.amazonaws.com", SourceArn=RULE)
    _put(at)
    at.settle()
    (event,) = at.events()
    assert event["detail"] == {"total": 20}
    assert (_metric(at, "TriggeredRules"), _metric(at, "Invocations"), _metric(at, "FailedInvocations")) == (2, 2, 1)


def test_a_rule_of_another_name_is_not_let_in(at: Stage) -> None:
    arn = at.function(source=PRINTS)
    at.allow("worker", "events.amazonaws.com", SourceArn=RULE.replace("orders", "other"))
    _rule(at, arn)
    _put(at)
    at.settle()
    assert at.metric("Invocations") == 0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"InputPath": "$.detail"}, '{"total":20}'),
        ({"InputPath": "$.detail-type"}, '"placed"'),
        ({"Input": '{"fixed": 1}'}, '{"fixed": 1}'),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"n": "$.detail.total", "s": "$.source"},
                    "InputTemplate": '"<s>: <n> <none>"',
                }
            },
            None,
        ),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"n": "$.detail.total", "s": "$.source", "none": "$.detail.none"},
                    "InputTemplate": '{"sum": <n>, "from": <s>, "text": "<s> wants <n><none>", "rule": <aws.events.rule-name>}',
                }
            },
            '{"sum": 20, "from": "shop", "text": "shop wants 20", "rule": "orders"}',
        ),
    ],
)
def test_a_target_chooses_what_it_gets(at: Stage, fields: dict[str, Any], expected: str | None) -> None:
    """EventBridge guide, "eb-transform-target-input"; missing values: test_events_inputs.snapshot.json."""
    at.queue(allow="events.amazonaws.com")
    if expected is None:
        with pytest.raises(ClientError, match="<none>"):
            _rule(at, **fields)
        return
    _rule(at, **fields)
    _put(at)
    at.settle()
    assert [message["Body"] for message in at.messages()] == [expected]


def test_what_may_not_be_delivered_goes_to_the_dead_letter_queue_at_once(at: Stage) -> None:
    """EventBridge guide, "rule-dlq": attributes; a missing permission is not retried."""
    arn = at.function()
    at.queue("letters", allow="events.amazonaws.com")
    _rule(at, arn, DeadLetterConfig={"Arn": QUEUE.replace("inbox", "letters")})
    answer = _put(at)
    at.settle()
    (message,) = at.messages("letters")
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert json.loads(message["Body"])["id"] == answer["Entries"][0]["EventId"]
    assert attributes.pop("ERROR_MESSAGE")
    assert attributes == {"RULE_ARN": RULE, "TARGET_ARN": arn, "ERROR_CODE": "NO_PERMISSIONS", "RETRY_ATTEMPTS": "0"}
    assert at.books("eventbridge targets")["dead_lettered"] == 1
    assert _metric(at, "InvocationsSentToDlq") == 1


def test_a_failing_target_is_retried_as_its_policy_says(at: Stage) -> None:
    at.queue(allow="events.amazonaws.com")
    at.queue("letters", allow="events.amazonaws.com")
    at.control.add_fault(service="sqs", operation="SendMessage", resource=QUEUE, error=BROKEN)
    policy = {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 3600}
    _rule(at, RetryPolicy=policy, DeadLetterConfig={"Arn": QUEUE.replace("inbox", "letters")})
    _put(at)
    at.settle()
    (message,) = at.messages("letters")
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert (attributes["RETRY_ATTEMPTS"], attributes["EXHAUSTED_RETRY_CONDITION"]) == ("3", "MaximumRetryAttempts")
    assert attributes["ERROR_CODE"] == "ERROR_FROM_TARGET"


def test_without_a_policy_an_event_is_retried_185_times_within_a_day(at: Stage) -> None:
    """Fact I-12."""
    at.queue(allow="events.amazonaws.com")
    at.control.add_fault(service="sqs", operation="SendMessage", resource=QUEUE, error=BROKEN)
    _rule(at)
    started = at.control.now()["now"]
    _put(at)
    at.settle()
    assert len(at.titles("retry")) == 185
    assert 6 * 3600 < at.control.now()["now"] - started < 86_400
    assert at.books("eventbridge targets")["dropped"] == {"ServiceUnavailable": 1}


def test_a_bus_hands_on_to_another_by_the_role_of_the_target(at: Stage) -> None:
    bus = at.client("events").create_event_bus(Name="second")["EventBusArn"]
    at.queue(allow="events.amazonaws.com")
    with pytest.raises(ClientError, match="RoleArn is required for target"):
        _rule(at, bus)
    _rule(at, bus, RoleArn=at.role("forward", ["events:PutEvents"]))
    _rule(at, bus="second")
    answer = _put(at)
    at.settle()
    (body,) = at.bodies()
    assert body["id"] == answer["Entries"][0]["EventId"]
    assert at.books("eventbridge events")["processed"] == 2


def test_what_came_from_another_bus_is_not_sent_on_to_a_third(at: Stage) -> None:
    """EventBridge guide, eb-bus-to-bus: it "can't route events received from a sender event bus to a third event bus"."""
    events, role = at.client("events"), at.role("forward", ["events:PutEvents"])
    at.queue(allow="events.amazonaws.com")
    second, third = (events.create_event_bus(Name=name)["EventBusArn"] for name in ("second", "third"))
    _rule(at, second, RoleArn=role)
    _rule(at, third, bus="second", RoleArn=role)
    _rule(at, name="here", bus="second")
    _rule(at, bus="third")
    _put(at)
    at.settle()
    assert len(at.bodies()) == 1, "the rule for the queue on the second bus"
    assert at.books("eventbridge targets")["dropped"] == {"came from another bus": 1}


def test_a_role_that_may_not_leaves_the_event_behind(at: Stage) -> None:
    bus = at.client("events").create_event_bus(Name="second")["EventBusArn"]
    _rule(at, bus, RoleArn=at.role("forward", ["sqs:SendMessage"]))
    _put(at)
    at.settle()
    assert at.books("eventbridge targets")["dropped"] == {"AccessDeniedException": 1}


def test_another_account_needs_the_policy_of_the_bus(at: Stage) -> None:
    keys = at.control.add_account("222222222222")
    at.queue(allow="events.amazonaws.com")
    _rule(at)
    entry = {"Source": "shop", "DetailType": "placed", "Detail": '{"total": 11}'}
    entry["EventBusName"] = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    other = at.account.client(
        "events", aws_access_key_id=keys["aws_access_key_id"], aws_secret_access_key=keys["aws_secret_access_key"]
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        other.put_events(Entries=[entry])
    at.client("events").put_permission(Action="events:PutEvents", Principal="222222222222", StatementId="them")
    other.put_events(Entries=[entry])
    at.settle()
    (body,) = at.bodies()
    assert body["account"] == "222222222222"


def test_streams_log_groups_and_topics_get_events_too(at: Stage) -> None:
    kinesis, logs, sns = at.client("kinesis"), at.client("logs"), at.client("sns")
    kinesis.create_stream(StreamName="river", ShardCount=1)
    logs.create_log_group(logGroupName="/aws/events/all")
    topic = sns.create_topic(Name="news")["TopicArn"]
    at.queue(allow="sns.amazonaws.com")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE, Attributes={"RawMessageDelivery": "true"})
    allow = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Resource": "*"}
    sns.set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [{**allow, "Action": "sns:Publish"}]}),
    )
    logs.put_resource_policy(
        policyName="events",
        policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{**allow, "Action": "logs:*"}]}),
    )
    stream = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/river"
    _rule(at, stream, "a", RoleArn=at.role("feed", ["kinesis:PutRecord"]))
    _rule(at, f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/events/all", "b")
    _rule(at, topic, "c")
    _put(at)
    at.settle()
    assert at.books("eventbridge targets")["processed"] == 3, at.titles("drop")
    (line,) = logs.filter_log_events(logGroupName="/aws/events/all")["events"]
    shard = kinesis.get_shard_iterator(StreamName="river", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON")
    (record,) = kinesis.get_records(ShardIterator=shard["ShardIterator"])["Records"]
    (body,) = at.bodies()
    assert json.loads(line["message"]) == json.loads(record["Data"]) == body


def test_a_target_of_an_unknown_kind_is_dropped_and_named(at: Stage) -> None:
    _rule(at, f"arn:aws:batch:{REGION}:{ACCOUNT}:job-queue/q")
    _put(at)
    at.settle()
    assert at.books("eventbridge targets")["dropped"] == {"InvalidTarget": 1}
    assert "does not deliver to" in at.titles("drop")[0]


def test_entries_are_refused_one_by_one(at: Stage) -> None:
    """localstack/localstack test_events.snapshot.json, test_put_events_without_source and following."""
    good = {"Source": "a", "DetailType": "b", "Detail": "{}"}
    entries: list[dict[str, Any]] = [{**good, "Detail": "[1]"}, {"Source": "a", "DetailType": "b"}, good]
    answer = at.client("events").put_events(Entries=entries)
    assert answer["FailedEntryCount"] == 2
    assert [row.get("ErrorCode") for row in answer["Entries"]] == ["MalformedDetail", "InvalidArgument", None]
    assert answer["Entries"][1]["ErrorMessage"] == "Parameter Detail is not valid. Reason: Detail is a required argument."
    with pytest.raises(ClientError, match="Total size of the entries in the request is over the limit"):
        at.client("events").put_events(Entries=[{**good, "Detail": json.dumps({"a": "x" * 1_100_000})}])
    with pytest.raises(ClientError, match="Member must have length less than or equal to 10"):
        at.client("events").put_events(Entries=[good] * 11)


def test_a_pattern_can_be_tried_out(at: Stage) -> None:
    event = {"id": "1", "account": "2", "source": "shop", "time": "t", "region": "r", "detail-type": "d", "detail": {"total": 11}}
    ask = at.client("events").test_event_pattern
    assert ask(EventPattern=json.dumps(ORDERS), Event=json.dumps(event))["Result"] is True
    assert ask(EventPattern='{"source": ["other"]}', Event=json.dumps(event))["Result"] is False
    with pytest.raises(ClientError, match="Parameter Event is not valid"):
        ask(EventPattern="{}", Event="{}")
    with pytest.raises(ClientError, match="Filter is not an object"):
        ask(EventPattern="[]", Event=json.dumps(event))


def test_a_rule_that_is_refused_is_not_half_made(at: Stage) -> None:
    events = at.client("events")
    with pytest.raises(ClientError, match="InvalidEventPatternException"):
        events.put_rule(Name="bad", EventPattern='{"a": [{"numeric": ["~", 1]}]}')
    with pytest.raises(ClientError, match="Parameter ScheduleExpression is not valid"):
        events.put_rule(Name="bad", ScheduleExpression="rate(1 minutes)")
    assert events.list_rules()["Rules"] == []


def test_a_disabled_rule_sleeps(at: Stage) -> None:
    at.queue(allow="events.amazonaws.com")
    _rule(at)
    at.client("events").disable_rule(Name="orders")
    _put(at)
    at.settle()
    assert at.messages() == []


def test_a_rate_fires_on_the_accounts_clock(at: Stage) -> None:
    """The event: localstack/localstack test_events_schedule.snapshot.json, tests_schedule_target_sqs."""
    at.queue(allow="events.amazonaws.com")
    events = at.client("events")
    arn = events.put_rule(Name="tick", ScheduleExpression="rate(5 minutes)")["RuleArn"]
    events.put_targets(Rule="tick", Targets=[{"Id": "1", "Arn": QUEUE}])
    at.settle()
    assert at.messages() == []
    at.control.advance(601)
    first, second = at.bodies()
    assert (first["detail-type"], first["source"]) == ("Scheduled Event", "aws.events")
    assert (first["resources"], first["detail"]) == ([arn], {})
    assert (first["time"], second["time"]) == ("2027-01-15T08:05:00Z", "2027-01-15T08:10:00Z")
    events.disable_rule(Name="tick")
    at.control.advance(3600)
    assert at.messages() == []


def test_a_cron_rule_fires_when_it_says(at: Stage) -> None:
    at.queue(allow="events.amazonaws.com")
    events = at.client("events")
    events.put_rule(Name="tick", ScheduleExpression="cron(30 9 ? * MON-FRI *)")
    events.put_targets(Rule="tick", Targets=[{"Id": "1", "Arn": QUEUE}])
    at.control.advance(4 * 86_400)
    times = [body["time"] for body in at.bodies()]
    assert times == ["2027-01-15T09:30:00Z", "2027-01-18T09:30:00Z"]


def test_an_archive_gives_events_back(at: Stage) -> None:
    at.queue(allow="events.amazonaws.com")
    _rule(at)
    events = at.client("events")
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    archive = events.create_archive(ArchiveName="keep", EventSourceArn=bus)["ArchiveArn"]
    _put(at, 20)
    at.control.advance(600)
    _put(at, 30)
    at.settle()
    assert events.describe_archive(ArchiveName="keep")["EventCount"] == 2
    assert len(at.messages()) == 2
    now = at.control.now()["now"]
    events.start_replay(
        ReplayName="again",
        EventSourceArn=archive,
        EventStartTime=now - 1000,
        EventEndTime=now - 500,
        Destination={"Arn": bus},
    )
    at.settle()
    (body,) = at.bodies()
    assert (body["replay-name"], body["detail"]) == ("again", {"total": 20})
    assert events.describe_replay(ReplayName="again")["State"] == "COMPLETED"
    assert events.describe_archive(ArchiveName="keep")["EventCount"] == 2


def test_a_bucket_and_an_alarm_speak_on_the_default_bus(at: Stage) -> None:
    at.queue(allow="events.amazonaws.com")
    events, s3 = at.client("events"), at.client("s3")
    events.put_rule(Name="all", EventPattern='{"source": ["aws.s3", "aws.cloudwatch"]}')
    events.put_targets(Rule="all", Targets=[{"Id": "1", "Arn": QUEUE}])
    s3.create_bucket(Bucket="photos")
    s3.put_bucket_notification_configuration(Bucket="photos", NotificationConfiguration={"EventBridgeConfiguration": {}})
    s3.put_object(Bucket="photos", Key="a", Body=b"x")
    cloudwatch = at.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="loud", Namespace="n", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName="loud", StateValue="ALARM", StateReason="test")
    at.settle()
    assert {body["detail-type"] for body in at.bodies()} == {"Object Created", "CloudWatch Alarm State Change"}


def test_the_same_seed_gives_the_same_retries() -> None:
    def run() -> list[tuple[int, str]]:
        with stage(start=1_800_000_000.0) as at:
            at.queue(allow="events.amazonaws.com")
            at.control.add_fault(service="sqs", operation="SendMessage", error=BROKEN, count=4)
            _rule(at)
            _put(at)
            at.settle()
            return [(row["at_ms"], row["title"]) for row in at.control.timeline()]

    assert run() == run()


def test_a_bus_with_rules_cannot_be_deleted(at: Stage) -> None:
    """Words as EventBridge said them to Terraform (hashicorp/terraform-provider-aws issue 22131)."""
    events = at.client("events")
    events.create_event_bus(Name="shop")
    _rule(at, bus="shop")
    with pytest.raises(ClientError, match=r"ValidationException.*: EventBus can't be deleted since it has rules\."):
        events.delete_event_bus(Name="shop")
    events.remove_targets(Rule="orders", EventBusName="shop", Ids=["1"])
    events.delete_rule(Name="orders", EventBusName="shop")
    events.delete_event_bus(Name="shop")
