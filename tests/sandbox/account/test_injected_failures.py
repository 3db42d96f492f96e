"""Fault rules of every kind, seen from outside: what AWS would answer, log, count and deliver.

Sources: FIS user guide, "use-lambda-actions" and the actions reference (2026-11); Lambda guide, "Init phase" and
"invocation-async"; SQS guide, "Standard queues".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, ECHOES, PRINTS, REGION, Stage, stage

COUNTS = "count = 0\n\ndef handler(event, context):\n    global count\n    count += 1\n    print('RAN')\n    return count\n"
SLEEPS = "import time\n\ndef handler(event, context):\n    print('RAN')\n    time.sleep(2)\n    return 'done'\n"


@pytest.fixture(name="at", scope="module")
def stage_of_this_file() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.fixture(autouse=True)
def the_books_balance(at: Stage) -> Iterator[None]:
    at.again()
    yield
    at.settle()
    books = at.control.balance()
    assert all(row["balanced"] and row["pending"] == 0 for row in books), books


def invoke(at: Stage, name: str = "worker") -> tuple[str, Any]:
    answer = at.client("lambda").invoke(FunctionName=name, Payload=b'{"n": 1}')
    return answer.get("FunctionError", ""), json.loads(answer["Payload"].read())


def ran(at: Stage, name: str = "worker") -> int:
    found = at.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}", filterPattern="RAN")
    return len(found["events"])


def injected(at: Stage) -> list[str]:
    return at.titles("fault")


# -- invocations


def test_an_invocation_error_is_a_function_error_without_running_the_handler(at: Stage) -> None:
    at.function(source=COUNTS)
    at.control.add_fault(kind="invocation", error={"code": "Broken", "message": "on purpose"}, count=1)
    error, document = invoke(at)
    assert (error, document["errorType"], document["errorMessage"]) == ("Unhandled", "Broken", "on purpose")
    assert invoke(at) == ("", 1)
    assert at.metric("Errors") == 1
    assert injected(at) == ["Injected by fault-1: invocation of worker: Broken"]


def test_with_run_the_handler_has_done_its_work_before_the_error(at: Stage) -> None:
    at.function(source=COUNTS)
    at.control.add_fault(kind="invocation", error={"code": "Broken"}, run=True, count=1)
    assert invoke(at)[0] == "Unhandled"
    assert invoke(at) == ("", 2)


def test_an_http_response_takes_the_place_of_the_functions_own(at: Stage) -> None:
    at.function()
    at.control.add_fault(kind="invocation", response={"status": 503, "content_type": "text/plain", "body": "later"})
    expected = {"statusCode": 503, "headers": {"content-type": "text/plain"}, "body": "later"}
    assert invoke(at) == ("", expected)


def test_a_delay_counts_into_the_billed_duration(at: Stage) -> None:
    at.function(Timeout=10)
    at.control.add_fault(kind="invocation", latency_s=2)
    before = at.control.now()["now"]
    assert invoke(at) == ("", {"n": 1})
    assert at.control.now()["now"] - before >= 2
    lines = at.client("logs").filter_log_events(logGroupName="/aws/lambda/worker", filterPattern="REPORT")["events"]
    assert float(lines[0]["message"].split("Duration: ")[1].split(" ms")[0]) >= 2000


def test_a_delay_beyond_the_timeout_is_a_timeout(at: Stage) -> None:
    at.function(source=COUNTS, Timeout=3)
    at.control.add_fault(kind="invocation", latency_s=60, count=1)
    error, document = invoke(at)
    assert (error, document["errorType"]) == ("Unhandled", "Sandbox.Timedout")
    assert document["errorMessage"].endswith("Task timed out after 3.00 seconds")
    assert invoke(at) == ("", 1), "a new environment"


def test_errors_reach_the_attempts_of_the_asynchronous_queue(at: Stage) -> None:
    at.function(source=PRINTS)
    at.control.add_fault(kind="invocation", error={"code": "Broken"}, count=2)
    at.start(payload={"a": 1})
    at.settle()
    assert at.events() == [{"a": 1}]
    assert len(at.titles("retry")) == 2
    assert at.books("asynchronous events")["processed"] == 1


def test_errors_reach_the_batches_of_a_mapping_and_no_other_source(at: Stage) -> None:
    at.function(source=PRINTS)
    queue = at.queue(VisibilityTimeout="30")
    at.client("lambda").create_event_source_mapping(EventSourceArn=queue, FunctionName="worker")
    at.control.add_fault(kind="invocation", source="sqs", error={"code": "Broken"}, count=1)
    assert invoke(at)[0] == ""
    at.client("sqs").send_message(QueueUrl=_url("inbox"), MessageBody="m")
    at.settle()
    given = [event["Records"][0]["attributes"]["ApproximateReceiveCount"] for event in at.events() if "Records" in event]
    assert given == ["2"]


# -- throttles


def test_a_throttle_is_lambdas_429_and_its_metric(at: Stage) -> None:
    at.function()
    at.control.add_fault(kind="throttle", count=1)
    with pytest.raises(ClientError) as caught:
        invoke(at)
    assert caught.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert at.metric("Throttles") == 1
    assert at.titles("throttle") == ["worker throttled: Rate Exceeded."]
    assert invoke(at)[0] == ""


def test_a_throttled_event_comes_back_with_back_off_until_it_is_too_old(at: Stage) -> None:
    at.function()
    at.control.add_fault(kind="throttle", source="api")
    begun = at.control.now()["now"]
    at.start()
    at.settle()
    assert at.books("asynchronous events")["dropped"] == {"EventAgeExceeded": 1}
    assert at.control.now()["now"] - begun == pytest.approx(6 * 3600, abs=1)


def test_a_system_error_can_be_injected_instead(at: Stage) -> None:
    at.function(source=PRINTS)
    at.control.add_fault(kind="throttle", error={"code": "ServiceException", "message": "m", "status": 500}, count=1)
    at.start()
    at.settle()
    assert len(at.events()) == 1
    assert at.metric("Throttles") == 0


# -- INIT and environments


def test_one_failed_init_is_repeated_inside_the_invocation_and_two_are_an_error(at: Stage) -> None:
    at.function(source=COUNTS)
    at.control.add_fault(kind="init", resource="*:function:worker", count=1)
    assert invoke(at) == ("", 1)
    at.client("lambda").update_function_configuration(FunctionName="worker", Description="new")
    at.control.add_fault(kind="init", count=2)
    error, document = invoke(at)
    assert (error, document["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert document["errorMessage"].endswith("Runtime exited with error: exit status 1")


def test_an_init_can_fail_with_an_error_of_its_own(at: Stage) -> None:
    at.function()
    error = {"code": "Runtime.ImportModuleError", "message": "Unable to import module 'app': No module named 'gone'"}
    at.control.add_fault(kind="init", error=error)
    failed, document = invoke(at)
    assert (failed, document["errorType"]) == ("Unhandled", "Runtime.ImportModuleError")
    lines = at.client("logs").filter_log_events(logGroupName="/aws/lambda/worker", filterPattern="INIT_REPORT")["events"]
    assert "Status: error\tError Type: Runtime.ImportModuleError" in lines[0]["message"]


def test_a_slow_init_shows_as_init_duration_and_a_too_slow_one_times_out(at: Stage) -> None:
    at.function()
    at.control.add_fault(kind="init", latency_s=4, count=1)
    assert invoke(at) == ("", {"n": 1})
    report = at.client("logs").filter_log_events(logGroupName="/aws/lambda/worker", filterPattern="REPORT")["events"][0]
    assert float(report["message"].split("Init Duration: ")[1].split(" ms")[0]) >= 4000
    at.client("lambda").update_function_configuration(FunctionName="worker", Description="new")
    at.control.add_fault(kind="init", latency_s=60, count=1)
    invoke(at)
    lines = at.client("logs").filter_log_events(logGroupName="/aws/lambda/worker", filterPattern="INIT_REPORT")["events"]
    assert "Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout" in lines[-1]["message"]


@pytest.mark.parametrize(("rule", "runs"), [({"when": "start"}, 0), ({"when": "end"}, 1), ({}, 1), ({"after_s": 1}, 1)])
def test_an_environment_lost_in_an_invocation_is_runtime_exit_error(at: Stage, rule: dict[str, Any], runs: int) -> None:
    at.function(source=SLEEPS, Timeout=30)
    at.control.add_fault(kind="environment", count=1, **rule)
    error, document = invoke(at)
    assert (error, document["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert document["errorMessage"].endswith("Error: Runtime exited with error: signal: killed")
    assert ran(at) == runs
    assert invoke(at) == ("", "done")
    lines = at.client("logs").filter_log_events(logGroupName="/aws/lambda/worker", filterPattern="INIT_START")["events"]
    assert len(lines) == 2


def test_a_handler_that_ends_in_time_does_not_lose_its_environment(at: Stage) -> None:
    at.function(source=COUNTS, Timeout=30)
    at.control.add_fault(kind="environment", after_s=5)
    assert [invoke(at), invoke(at)] == [("", 1), ("", 2)]


def test_an_environment_lost_when_idle_is_a_cold_start_and_nothing_else(at: Stage) -> None:
    at.function(source=COUNTS)
    at.control.add_fault(kind="environment", when="idle", count=1)
    assert [invoke(at), invoke(at), invoke(at)] == [("", 1), ("", 1), ("", 2)]


def test_an_event_whose_environment_is_lost_is_tried_again(at: Stage) -> None:
    at.function(source=PRINTS)
    at.control.add_fault(kind="environment", count=1)
    at.start(payload={"a": 1})
    at.settle()
    assert at.events() == [{"a": 1}, {"a": 1}], "the first attempt did its work and its answer was lost"


# -- deliveries


def test_an_asynchronous_event_delivered_twice_keeps_its_request_id(at: Stage) -> None:
    at.function(source="def handler(event, context):\n    print('GOT \"' + context.aws_request_id + '\"')\n")
    at.control.add_fault(kind="delivery", source="async", duplicates=1)
    at.start()
    at.settle()
    first, second = at.events()
    assert first == second
    assert at.books("asynchronous events")["accepted"] == 2


def test_an_event_held_back_is_overtaken(at: Stage) -> None:
    at.function(source=PRINTS)
    at.control.add_fault(kind="delivery", source="async", delay_s=30, count=1)
    for number in range(3):
        at.start(payload=number)
    at.settle()
    *first, last = at.events()
    assert (sorted(first), last) == ([1, 2], 0)  # the two run beside each other


def test_s3_tells_twice_of_the_same_object_with_the_same_sequencer(at: Stage) -> None:
    at.function(source=PRINTS)
    at.allow("worker", "s3.amazonaws.com")
    at.client("s3").create_bucket(Bucket="photos")
    rule = {"LambdaFunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker", "Events": ["s3:ObjectCreated:*"]}
    at.client("s3").put_bucket_notification_configuration(
        Bucket="photos", NotificationConfiguration={"LambdaFunctionConfigurations": [rule]}
    )
    at.control.add_fault(kind="delivery", source="s3", resource="arn:aws:s3:::photos", duplicates=1)
    at.client("s3").put_object(Bucket="photos", Key="a.jpg", Body=b"x")
    at.settle()
    first, second = at.events()
    assert first == second
    assert at.books("s3 notifications")["processed"] == 2


@pytest.mark.parametrize("source", ["sns", "eventbridge"])
def test_topics_and_buses_deliver_twice(at: Stage, source: str) -> None:
    at.function(source=PRINTS)
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker"
    if source == "sns":
        at.allow("worker", "sns.amazonaws.com")
        topic = at.client("sns").create_topic(Name="news")["TopicArn"]
        at.client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
    else:
        at.allow("worker", "events.amazonaws.com")
        at.client("events").put_rule(Name="all", EventPattern=json.dumps({"source": ["shop"]}))
        at.client("events").put_targets(Rule="all", Targets=[{"Id": "1", "Arn": function}])
    at.control.add_fault(kind="delivery", source=source, duplicates=1)
    if source == "sns":
        at.client("sns").publish(TopicArn=topic, Message="hello")
    else:
        at.client("events").put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    at.settle()
    first, second = at.events()
    assert first == second


def test_a_bus_that_another_bus_sends_to_gets_nothing_twice(at: Stage) -> None:
    events, iam = at.client("events"), at.client("iam")
    other = events.create_event_bus(Name="other")["EventBusArn"]
    trust = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName="hand-on", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}))
    may = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": other}
    iam.put_role_policy(
        RoleName="hand-on", PolicyName="may", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": may})
    )
    queue = at.queue(allow="events.amazonaws.com")
    pattern = json.dumps({"source": ["shop"]})
    events.put_rule(Name="hand-on", EventPattern=pattern)
    events.put_targets(Rule="hand-on", Targets=[{"Id": "1", "Arn": other, "RoleArn": role["Role"]["Arn"]}])
    events.put_rule(Name="keep", EventPattern=pattern, EventBusName="other")
    events.put_targets(Rule="keep", EventBusName="other", Targets=[{"Id": "1", "Arn": queue}])
    at.control.add_fault(kind="delivery", source="eventbridge", duplicates=1)
    events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    at.settle()
    assert at.books("eventbridge targets")["accepted"] == 3  # one to the other bus, and what that sends, twice


def test_a_standard_queue_gives_a_message_again_under_the_same_id(at: Stage) -> None:
    at.queue()
    at.control.add_fault(kind="delivery", source="sqs", duplicates=1, count=1)
    at.client("sqs").send_message(QueueUrl=_url("inbox"), MessageBody="m")
    first, second = (at.client("sqs").receive_message(QueueUrl=_url("inbox"))["Messages"][0] for _ in range(2))
    assert first["MessageId"] == second["MessageId"]
    assert first["ReceiptHandle"] != second["ReceiptHandle"]
    at.client("sqs").delete_message(QueueUrl=_url("inbox"), ReceiptHandle=first["ReceiptHandle"])
    at.client("sqs").delete_message(QueueUrl=_url("inbox"), ReceiptHandle=second["ReceiptHandle"])
    at.control.advance(60)
    assert at.messages() == []


def test_a_mapping_sees_a_message_twice_and_the_books_count_it(at: Stage) -> None:
    at.function(source=PRINTS)
    queue = at.queue()
    at.client("lambda").create_event_source_mapping(EventSourceArn=queue, FunctionName="worker", BatchSize=1)
    at.control.add_fault(kind="delivery", source="sqs", duplicates=1)
    at.client("sqs").send_message(QueueUrl=_url("inbox"), MessageBody="m")
    at.settle()
    assert len({event["Records"][0]["messageId"] for event in at.events()}) == 1
    assert len(at.events()) == 2


def test_a_message_held_back_is_overtaken(at: Stage) -> None:
    at.queue()
    at.control.add_fault(kind="delivery", source="sqs", delay_s=20, count=1)
    for body in "012":
        at.client("sqs").send_message(QueueUrl=_url("inbox"), MessageBody=body)
    assert at.bodies() == [1, 2]
    at.control.advance(21)
    assert at.bodies() == [0]


def test_a_fifo_queue_is_left_alone(at: Stage) -> None:
    at.queue("line.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    at.control.add_fault(kind="delivery", duplicates=3, delay_s=100)
    for body in "012":
        at.client("sqs").send_message(QueueUrl=_url("line.fifo"), MessageBody=body, MessageGroupId="g")
    assert at.bodies("line.fifo") == [0, 1, 2]
    assert injected(at) == []


# -- clocks


@pytest.mark.parametrize(
    ("service", "skew_s", "code", "says"),
    [
        ("s3", 1000, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."),
        ("sqs", -400, "InvalidSignatureException", "Signature expired: "),
        ("dynamodb", 400, "InvalidSignatureException", "Signature not yet current: "),
        ("sns", -400, "SignatureDoesNotMatch", "Signature expired: "),
    ],
)
def test_a_clock_that_is_off_makes_signatures_unusable(at: Stage, service: str, skew_s: float, code: str, says: str) -> None:
    call = {
        "s3": at.client("s3").list_buckets,
        "sqs": at.client("sqs").list_queues,
        "dynamodb": at.client("dynamodb").list_tables,
        "sns": at.client("sns").list_topics,
    }[service]
    at.control.add_fault(kind="clock", service=service, caller="*:user/*", skew_s=skew_s, count=1)
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["Error"]["Message"].startswith(says)
    call()


def test_a_small_skew_is_forgiven(at: Stage) -> None:
    at.control.add_fault(kind="clock", skew_s=-250)
    at.client("sqs").list_queues()
    assert len(injected(at)) == 1


def test_a_functions_requests_are_refused_when_its_clock_is_off(at: Stage) -> None:
    source = (
        "import boto3\n\ndef handler(event, context):\n    return len(boto3.client('sqs').list_queues()['ResponseMetadata'])\n"
    )
    at.function(source=source)
    at.control.add_fault(kind="clock", caller="*:assumed-role/worker/*", skew_s=3600)
    error, document = invoke(at)
    assert error == "Unhandled"
    assert "Signature not yet current" in document["errorMessage"]
    at.control.clear_faults()
    assert invoke(at)[0] == ""


def test_a_function_lives_by_its_own_clock_and_its_signatures_do_too(at: Stage) -> None:
    source = """
import boto3, datetime, time

def handler(event, context):
    try:
        boto3.client("sqs").list_queues()
        refused = ""
    except Exception as error:
        refused = error.response["Error"]["Code"]
    return [time.time(), datetime.datetime.now(datetime.UTC).timestamp(), refused]
"""
    at.function(source=source)
    at.control.add_fault(kind="clock", resource="*:function:worker", skew_s=3600, count=1)
    now = at.control.now()["now"]
    (shown, dated, refused), (after, _, admitted) = invoke(at)[1], invoke(at)[1]
    assert (shown - now, dated - now) == (pytest.approx(3600, abs=5), pytest.approx(3600, abs=5))
    assert refused == "InvalidSignatureException"
    assert (after - now, admitted) == (pytest.approx(0, abs=5), "")


def _url(name: str) -> str:
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"


def test_an_unrelated_rule_leaves_functions_alone(at: Stage) -> None:
    at.function(source=ECHOES)
    at.control.add_fault(service="s3", error={"code": "SlowDown", "status": 503})
    assert invoke(at) == ("", {"n": 1})
