from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.errors import LearnerError
from sandbox.faults import Faults
from sandbox.iam.principal import Principal
from sandbox.ids import Ids

NOW = 1_800_000_000.0
THROTTLE = {"code": "ThrottlingException", "message": "Slow down", "status": 429}
LEARNER = "arn:aws:iam::1:user/learner"


@pytest.fixture
def faults() -> Faults:
    return Faults(Clock(virtual=True, start=NOW), Ids(3))


def _hits(
    faults: Faults, times: int = 1, service: str = "s3", operation: str = "PutObject", arn: str = "arn:aws:s3:::b/k"
) -> int:
    return sum(faults.match(service, operation, (arn,), LEARNER) is not None for _ in range(times))


def test_a_matching_call_gets_the_error(faults: Faults) -> None:
    faults.add({"service": "s3", "operation": "Put*", "error": THROTTLE})
    fault = faults.match("s3", "PutObject", ("arn:aws:s3:::b/k",), Principal("user", "1", LEARNER))
    assert fault is not None
    assert fault.error is not None
    assert (fault.rule, fault.error.code, fault.error.message, fault.error.status) == (
        "fault-1",
        "ThrottlingException",
        "Slow down",
        429,
    )
    assert faults.match("s3", "GetObject", (), LEARNER) is None


def test_latency_alone_is_no_error(faults: Faults) -> None:
    faults.add({"latency_s": 2.5})
    fault = faults.match("sqs", "SendMessage", (), LEARNER)
    assert fault is not None
    assert (fault.latency_s, fault.error) == (2.5, None)


@pytest.mark.parametrize(
    ("rule", "hit"),
    [
        ({"service": "s?"}, True),
        ({"service": "sqs"}, False),
        ({"resource": "arn:aws:s3:::b/*"}, True),
        ({"resource": "arn:aws:s3:::other/*"}, False),
        ({"resource": "arn:aws:s3:::b"}, False),
        ({"caller": "*:user/learner"}, True),
        ({"caller": "*assumed-role*"}, False),
        ({"operation": "Put.bject"}, False),
    ],
)
def test_patterns_know_star_and_question_mark_only(faults: Faults, rule: dict[str, str], hit: bool) -> None:
    faults.add({**rule, "error": THROTTLE})
    assert _hits(faults) == hit


def test_a_count_runs_out(faults: Faults) -> None:
    faults.add({"error": THROTTLE, "count": 2})
    assert _hits(faults, times=5) == 2
    assert faults.list()[0]["fired"] == 2


def test_a_window_opens_and_closes_on_the_accounts_clock() -> None:
    clock = Clock(virtual=True, start=NOW)
    faults = Faults(clock, Ids(1))
    faults.add({"error": THROTTLE, "from": NOW + 10, "until": NOW + 20})
    hits = []
    for second in (0, 10, 19, 20):
        clock.move_to(NOW + second)
        hits.append(_hits(faults))
    assert hits == [0, 1, 1, 0]


def test_a_probability_replays_from_the_seed() -> None:
    def pattern(seed: int) -> list[int]:
        faults = Faults(Clock(virtual=True, start=NOW), Ids(seed))
        faults.add({"error": THROTTLE, "probability": 0.3})
        return [_hits(faults) for _ in range(200)]

    assert pattern(5) == pattern(5) != pattern(6)
    assert 30 < sum(pattern(5)) < 90


def test_the_first_rule_that_fits_wins_and_a_used_up_one_steps_aside(faults: Faults) -> None:
    faults.add({"id": "once", "error": THROTTLE, "count": 1})
    faults.add({"id": "then", "latency_s": 1})
    rules = [fault.rule for _ in range(2) if (fault := faults.match("s3", "ListBuckets", (), LEARNER))]
    assert rules == ["once", "then"]


def test_a_rule_is_json_in_and_out_and_can_be_removed(faults: Faults) -> None:
    shown = faults.add({"service": "s3", "error": {"code": "SlowDown", "status": 503}, "count": 3, "probability": 0.5})
    again = {key: value for key, value in json.loads(json.dumps(shown)).items() if value is not None and key != "fired"}
    assert faults.remove(shown["id"]) == shown
    assert faults.add(again) == shown
    faults.clear()
    assert faults.list() == []


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({}, "needs an effect"),
        ({"error": "boom"}, "'error' is an object with a 'code'"),
        ({"error": {"code": "X", "status": 200}}, "from 400 to 599"),
        ({"error": {"code": "X", "stauts": 500}}, "'error' has no 'stauts'"),
        ({"error": THROTTLE, "servise": "s3"}, "no 'servise'; it knows"),
        ({"error": THROTTLE, "service": 3}, "wildcards"),
        ({"error": THROTTLE, "count": 0}, "whole number from 1"),
        ({"error": THROTTLE, "count": True}, "whole number from 1"),
        ({"error": THROTTLE, "probability": 1.5}, "number from 0 to 1"),
        ({"latency_s": -1}, "number from 0 to 900"),
        ({"latency_s": float("nan")}, "number from 0 to 900"),
        ({"error": THROTTLE, "from": 20, "until": 10}, "later than 'from'"),
    ],
)
def test_a_wrong_rule_is_refused_with_what_to_mend(faults: Faults, rule: dict[str, Any], says: str) -> None:
    with pytest.raises(LearnerError, match=says):
        faults.add(rule)
    assert faults.list() == []


def test_unknown_and_doubled_ids_are_named(faults: Faults) -> None:
    faults.add({"id": "a", "error": THROTTLE})
    with pytest.raises(LearnerError, match="'a' already"):
        faults.add({"id": "a", "error": THROTTLE})
    with pytest.raises(LearnerError, match="the rules are: a"):
        faults.remove("b")


@pytest.mark.parametrize(("resource", "hits"), [("*:function:f:$LATEST", 1), ("*:function:f", 1), ("*:function:f:1", 0)])
def test_a_function_without_a_qualifier_is_its_latest_version(faults: Faults, resource: str, hits: int) -> None:
    """Lambda guide, "Manage Lambda function versions": an unqualified ARN runs ``$LATEST``."""
    faults.add({"resource": resource, "error": THROTTLE})
    assert _hits(faults, service="lambda", operation="Invoke", arn="arn:aws:lambda:us-east-1:1:function:f") == hits


def test_a_rule_for_the_latest_version_leaves_others_alone(faults: Faults) -> None:
    faults.add({"resource": "*:function:f:$LATEST", "error": THROTTLE})
    assert _hits(faults, service="lambda", operation="Invoke", arn="arn:aws:lambda:us-east-1:1:function:f:live") == 0
