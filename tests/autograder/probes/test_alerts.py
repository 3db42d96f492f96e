"""Who rang: only what CloudWatch itself published counts."""

import json

from autograder.evidence import Evidence, Message, Window
from autograder.probes.alerts import ringing

ALARM = json.dumps({"AlarmName": "errors", "NewStateValue": "ALARM"})
OK = json.dumps({"AlarmName": "errors", "NewStateValue": "OK"})


def evidence(body: str, principal: str = "cloudwatch.amazonaws.com") -> Evidence:
    held = Evidence(windows={"crash": Window("crash", 100.0, 200.0)}, alerts=[Message(150.0, body)])
    held.calls.append({"principal": principal, "operation": "Publish", "at_ms": 150_000})
    return held


def test_an_alarm_rings_when_it_told_the_topic_of_alarm_in_the_window() -> None:
    assert ringing(evidence(ALARM), "crash") == ["errors"]
    assert ringing(evidence(OK), "crash") == []
    assert ringing(evidence(ALARM), "quiet") == []


def test_what_a_function_sends_in_the_shape_of_an_alarm_is_none() -> None:
    assert ringing(evidence(ALARM, "arn:aws:sts::123456789012:assumed-role/worker/worker"), "crash") == []


def test_texts_that_are_no_alarm_are_passed_over() -> None:
    assert ringing(evidence("[1, 2]"), "crash") == ringing(evidence("hello"), "crash") == []
