from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.triggers.polled import FAILS, POISON, PRINTS, REPORTS, Polled, counts, pattern, polled


@pytest.fixture
def world() -> Iterator[Polled]:
    with polled() as made:
        yield made


def of_group(world: Polled, group: str) -> list[str]:
    return [text for batch in world.batches() for text in batch if text.startswith(group)]


def numbered(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def test_messages_come_in_batches_and_are_deleted(world: Polled) -> None:
    world.function()
    world.map(world.on.queue(), Enabled=False)
    world.send(*numbered(25))
    world.update(Enabled=True)
    world.settle()
    assert [len(batch) for batch in world.batches()] == [10, 10, 5]
    assert world.on.messages() == []
    assert counts(world.books()) == (25, 25, 0, {}, 0)


def test_a_failed_batch_returns_after_its_visibility_timeout(world: Polled) -> None:
    world.function(FAILS)
    world.map(world.on.queue(VisibilityTimeout="40"))
    world.send("a")
    world.on.control.advance(39)
    assert len(world.batches()) == 1
    assert counts(world.books()) == (1, 0, 0, {}, 1)
    world.on.control.advance(2)
    received = [event["Records"][0]["attributes"]["ApproximateReceiveCount"] for event in world.events()]
    assert received == ["1", "2"]


def test_a_message_that_fails_too_often_goes_to_the_dead_letter_queue(world: Polled) -> None:
    dead = world.on.queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 3})
    world.function(FAILS)
    world.map(world.on.queue(RedrivePolicy=redrive))
    world.send("poor thing")
    world.settle()
    assert len(world.batches()) == 3
    assert [message["Body"] for message in world.on.messages("dead")] == ["poor thing"]
    assert counts(world.books()) == (1, 0, 1, {}, 0)
    assert world.on.titles("dead_letter") == ["1 of inbox moved to its dead-letter queue"]


def test_a_message_nobody_can_process_ends_with_its_retention(world: Polled) -> None:
    world.function(FAILS)
    world.map(world.on.queue(MessageRetentionPeriod="120"))
    world.send("a")
    world.settle()
    assert len(world.batches()) == 4  # at 0, 30, 60 and 90 seconds
    assert counts(world.books()) == (1, 0, 0, {"gone from the queue": 1}, 0)


def test_only_the_reported_messages_come_back(world: Polled) -> None:
    world.function(REPORTS)
    dead = world.on.queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 2})
    world.map(world.on.queue(RedrivePolicy=redrive), FunctionResponseTypes=["ReportBatchItemFailures"], Enabled=False)
    world.send("a", "bad", "c")
    world.update(Enabled=True)
    world.settle()
    assert world.batches() == [["a", "bad", "c"], ["bad"]]
    assert counts(world.books()) == (3, 2, 1, {}, 0)


def test_a_report_is_ignored_by_a_mapping_that_did_not_ask_for_it(world: Polled) -> None:
    world.function(REPORTS)
    world.map(world.on.queue())
    world.send("bad")
    world.settle()
    assert counts(world.books()) == (1, 1, 0, {}, 0)


def test_what_no_filter_takes_is_deleted(world: Polled) -> None:
    world.function()
    world.map(world.on.queue(), FilterCriteria=pattern(body={"kind": ["order"]}), Enabled=False)
    world.send('{"kind": "order"}', '{"kind": "other"}', "plain text")
    world.update(Enabled=True)
    world.settle()
    assert world.batches() == [['{"kind": "order"}']]
    assert world.on.messages() == []
    assert counts(world.books()) == (3, 1, 0, {"filtered": 2}, 0)


def test_a_window_gathers_until_it_ends(world: Polled) -> None:
    world.function()
    world.map(world.on.queue(), BatchSize=100, MaximumBatchingWindowInSeconds=20)
    world.send("a", "b")
    world.on.control.advance(10)
    world.send("c")
    world.on.control.advance(9)
    assert world.batches() == []
    world.on.control.advance(2)
    assert world.batches() == [["a", "b", "c"]]
    assert counts(world.books()) == (3, 3, 0, {}, 0)


def test_a_window_ends_in_time_although_a_dead_letter_leaves_the_queue_meanwhile(world: Polled) -> None:
    """Lambda guide, services-sqs-configure: a batch is sent when its window ends, whatever else the queue does."""
    redrive = json.dumps({"deadLetterTargetArn": world.on.queue("dead"), "maxReceiveCount": 1})
    world.function(FAILS)
    world.map(world.on.queue(VisibilityTimeout="40", RedrivePolicy=redrive), MaximumBatchingWindowInSeconds=20)
    world.send("dying")
    world.on.control.advance(30)
    world.send("next")
    world.on.control.advance(15)
    assert [message["Body"] for message in world.on.messages("dead")] == ["dying"]
    world.on.control.advance(6)
    assert world.batches() == [["dying"], ["next"]]


def test_a_full_batch_does_not_wait_for_its_window(world: Polled) -> None:
    world.function()
    world.map(world.on.queue(VisibilityTimeout="600"), BatchSize=30, MaximumBatchingWindowInSeconds=300, Enabled=False)
    world.send(*numbered(35))
    world.update(Enabled=True)
    world.on.control.advance(0)
    assert [len(batch) for batch in world.batches()] == [30]
    world.settle()
    assert [len(batch) for batch in world.batches()] == [30, 5]


def test_a_batch_holds_six_megabytes_at_most(world: Polled) -> None:
    world.function("def handler(event, context):\n    print('GOT', len(event['Records']))\n")
    world.map(world.on.queue(), BatchSize=100, MaximumBatchingWindowInSeconds=5, Enabled=False)
    for _ in range(30):
        world.send("x" * 250_000)
    world.update(Enabled=True)
    world.settle()
    events = world.on.client("logs").filter_log_events(logGroupName="/aws/lambda/worker", filterPattern="GOT")["events"]
    assert [line["message"].strip() for line in events] == ["GOT 25", "GOT 5"]
    assert counts(world.books()) == (30, 30, 0, {}, 0)


def test_a_delayed_message_is_read_when_its_delay_is_over(world: Polled) -> None:
    world.function()
    world.map(world.on.queue())
    world.on.client("sqs").send_message(QueueUrl=world.url(), MessageBody="later", DelaySeconds=60)
    world.on.control.advance(59)
    assert world.batches() == []
    world.on.control.advance(2)
    assert world.batches() == [["later"]]


def test_a_fifo_group_keeps_its_order_while_others_go_on(world: Polled) -> None:
    queue = world.on.queue("inbox.fifo", FifoQueue="true")
    world.function(POISON)
    redrive = json.dumps({"deadLetterTargetArn": world.on.queue("dead.fifo", FifoQueue="true"), "maxReceiveCount": 2})
    world.on.client("sqs").set_queue_attributes(QueueUrl=world.url("inbox.fifo"), Attributes={"RedrivePolicy": redrive})
    world.map(queue, BatchSize=1, Enabled=False)
    world.send("a1", "a2 bad", "a3", queue="inbox.fifo", group="a")
    world.send("b1", "b2", queue="inbox.fifo", group="b")
    world.update(Enabled=True)
    world.on.control.advance(1)
    assert of_group(world, "a") == ["a1", "a2 bad"]  # a3 waits for a2
    assert of_group(world, "b") == ["b1", "b2"]
    world.settle()
    assert of_group(world, "a") == ["a1", "a2 bad", "a2 bad", "a3"]
    assert counts(world.books()) == (5, 4, 1, {}, 0)


def test_a_fifo_queue_remembers_a_deduplication_id_after_the_message_is_gone(world: Polled) -> None:
    world.function()
    world.map(world.on.queue("inbox.fifo", FifoQueue="true"))
    world.send("once", queue="inbox.fifo", group="a")
    world.settle()
    world.send("once", queue="inbox.fifo", group="a")
    world.settle()
    assert world.batches() == [["once"]]
    world.on.control.advance(301)
    world.send("once", queue="inbox.fifo", group="a")
    world.settle()
    assert world.batches() == [["once"], ["once"]]


def test_a_disabled_mapping_reads_nothing_and_goes_on_when_enabled(world: Polled) -> None:
    world.function()
    world.map(world.on.queue())
    assert world.update(Enabled=False)["State"] == "Disabling"
    world.send("a")
    world.settle()
    assert world.batches() == []
    assert world.update(Enabled=True)["State"] == "Enabling"
    world.settle()
    assert world.batches() == [["a"]]


def test_an_update_of_a_disabled_mapping_does_not_start_it(world: Polled) -> None:
    world.function()
    world.map(world.on.queue(), Enabled=False)
    world.send("a")
    world.update(BatchSize=5)
    world.settle()
    assert world.batches() == []


def test_a_deleted_mapping_leaves_the_queue_alone(world: Polled) -> None:
    world.function(FAILS)
    world.map(world.on.queue())
    world.send("a")
    world.on.control.advance(1)
    world.on.client("lambda").delete_event_source_mapping(UUID=world.uuid)
    world.settle()
    assert len(world.batches()) == 1
    assert counts(world.books()) == (1, 0, 0, {"mapping deleted": 1}, 0)


def test_a_throttled_batch_is_tried_again_until_the_message_is_visible(world: Polled) -> None:
    world.function()
    world.on.client("lambda").put_function_concurrency(FunctionName="worker", ReservedConcurrentExecutions=0)
    world.map(world.on.queue())
    world.send("a")
    world.on.control.advance(5)
    assert len(world.on.titles("throttle")) == 3  # at 0, 1 and 3 seconds
    world.on.client("lambda").delete_function_concurrency(FunctionName="worker")
    world.settle()
    assert world.batches() == [["a"]]
    assert world.events()[0]["Records"][0]["attributes"]["ApproximateReceiveCount"] == "1"
    assert counts(world.books()) == (1, 1, 0, {}, 0)


def test_a_role_that_may_not_receive_any_more_is_a_problem_not_a_loss(world: Polled) -> None:
    world.function()
    world.map(world.on.queue())
    world.on.restrict("reader", ["logs:*"])
    world.send("a")
    world.settle()
    mapping = world.on.client("lambda").get_event_source_mapping(UUID=world.uuid)
    assert mapping["LastProcessingResult"].startswith("PROBLEM: ")
    assert any(entry["title"] == "worker: ReceiveMessage failed: AccessDenied" for entry in world.on.control.timeline())
    world.on.restrict("reader", ["*"])
    world.on.control.advance(61)
    assert world.batches() == [["a"]]


def test_a_role_that_may_not_delete_sees_messages_again(world: Polled) -> None:
    world.function()
    world.map(world.on.queue())
    world.on.restrict("reader", ["logs:*", "sqs:ReceiveMessage"])
    world.send("a")
    world.on.control.advance(31)
    assert world.batches() == [["a"], ["a"]]
    assert counts(world.books()) == (1, 0, 0, {}, 1)


def test_a_queue_must_exist_and_hide_messages_long_enough(world: Polled) -> None:
    world.function(Timeout=60)
    with pytest.raises(ClientError, match="Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds"):
        world.map(world.on.queue())
    with pytest.raises(ClientError, match="The specified queue does not exist"):
        world.map("arn:aws:sqs:us-east-1:123456789012:nowhere")
    with pytest.raises(ClientError, match="Stream not found"):
        world.map("arn:aws:kinesis:us-east-1:123456789012:stream/nowhere", StartingPosition="LATEST")
    assert world.on.client("lambda").list_event_source_mappings()["EventSourceMappings"] == []


def test_a_broken_filter_is_refused(world: Polled) -> None:
    world.function()
    with pytest.raises(ClientError, match="Invalid filter pattern definition"):
        world.map(world.on.queue(), FilterCriteria=pattern(body={"kind": [{"like": "x"}]}))


def test_every_call_of_the_poller_is_the_roles_and_recorded(world: Polled) -> None:
    world.function()
    world.map(world.on.queue())
    world.send("a")
    world.settle()
    calls = [call for call in world.on.control.calls() if "assumed-role/reader" in call["principal"] and call["service"] == "sqs"]
    assert [call["operation"] for call in calls] == ["ReceiveMessage", "DeleteMessageBatch"]


def test_the_send_is_the_cause_of_the_invocation(world: Polled) -> None:
    world.function()
    world.map(world.on.queue())
    world.send("a")
    world.settle()
    by_id = {entry["id"]: entry for entry in world.on.control.timeline()}
    entry = next(each for each in by_id.values() if each["kind"] == "invoke")
    chain = []
    while entry is not None:
        chain.append(entry["title"])
        entry = by_id.get(entry["cause"])
    assert chain == ["worker", "1 of inbox for worker", "sqs:SendMessageBatch"]


def test_metrics_of_a_mapping_are_counted_when_asked_for(world: Polled) -> None:
    world.function()
    asked = {"Metrics": ["EventCount"]}
    world.map(world.on.queue(), MetricsConfig=asked, FilterCriteria=pattern(body={"n": [1]}), Enabled=False)
    world.send('{"n": 1}', '{"n": 2}')
    world.update(Enabled=True)
    world.settle()
    listed = world.on.client("cloudwatch").list_metrics(
        Namespace="AWS/Lambda", Dimensions=[{"Name": "EventSourceMappingUUID", "Value": world.uuid}]
    )["Metrics"]
    assert {metric["MetricName"] for metric in listed} == {
        "PolledEventCount", "FilteredOutEventCount", "InvokedEventCount", "DeletedEventCount",
    }  # fmt: skip


def test_dead_letters_can_be_moved_back(world: Polled) -> None:
    dead = world.on.queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 1})
    world.function(FAILS)
    world.map(world.on.queue(RedrivePolicy=redrive))
    world.send("a", "b")
    world.settle()
    world.update(Enabled=False)
    sqs = world.on.client("sqs")
    sqs.start_message_move_task(SourceArn=dead)
    world.settle()
    (task,) = sqs.list_message_move_tasks(SourceArn=dead)["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 2)
    assert sorted(message["Body"] for message in world.on.messages()) == ["a", "b"]
    with pytest.raises(ClientError, match="must be configured as a Dead Letter Queue"):
        sqs.start_message_move_task(SourceArn=world.source)


def test_a_reset_forgets_mappings_and_their_timers(world: Polled) -> None:
    world.function(FAILS)
    world.map(world.on.queue())
    world.send("a")
    world.on.control.advance(1)
    world.on.account.reset()
    assert not any("mapping" in row["source"] for row in world.on.control.balance())
    assert world.on.control.until_quiet()["quiet"] is True


def test_a_mapping_of_the_dead_letter_queue_reads_what_is_moved_there(world: Polled) -> None:
    dead = world.on.queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 1})
    world.function(FAILS)
    world.function(PRINTS, "undertaker")
    world.map(world.on.queue(RedrivePolicy=redrive))
    world.on.client("lambda").create_event_source_mapping(EventSourceArn=dead, FunctionName="undertaker")
    world.send("a")
    world.settle()
    (event,) = world.on.events("undertaker")
    assert event["Records"][0]["body"] == "a"
    assert counts(world.books()) == (1, 0, 1, {}, 0)


def test_an_injected_fault_delays_and_loses_nothing(world: Polled) -> None:
    world.function()
    world.map(world.on.queue())
    world.on.control.add_fault(service="sqs", operation="ReceiveMessage", error={"code": "ServiceUnavailable"}, count=1)
    world.send("a")
    world.on.control.advance(59)
    assert world.batches() == []
    world.on.control.advance(2)
    assert world.batches() == [["a"]]


def test_moving_dead_letters_can_be_cancelled(world: Polled) -> None:
    dead = world.on.queue("dead")
    world.on.queue(RedrivePolicy=json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 1}))
    world.send(*numbered(5), queue="dead")
    sqs = world.on.client("sqs")
    handle = sqs.start_message_move_task(SourceArn=dead, MaxNumberOfMessagesPerSecond=2)["TaskHandle"]
    with pytest.raises(ClientError, match="There is already a task running"):
        sqs.start_message_move_task(SourceArn=dead)
    world.on.control.advance(1.5)
    assert sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"] == 4
    world.settle()
    assert [message["Body"] for message in world.on.messages("dead")] == ["4"]
    (task,) = sqs.list_message_move_tasks(SourceArn=dead)["Results"]
    assert task["Status"] == "CANCELLED"
