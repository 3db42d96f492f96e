"""Rules beyond API calls: what each kind may say, what it becomes, and how it is shown."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.errors import LearnerError
from sandbox.faults import Faults
from sandbox.faults.kinds import KINDS
from sandbox.ids import Ids
from sandbox.telemetry.timeline import Timeline

NOW = 1_800_000_000.0
FUNCTION = "arn:aws:lambda:us-east-1:1:function:resize"


@pytest.fixture
def faults() -> Faults:
    return Faults(Clock(virtual=True, start=NOW), Ids(3))


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"kind": "meteor"}, "no kind of fault 'meteor'; there are: call, invocation, throttle, init"),
        ({"kind": "invocation"}, "needs an effect: 'error' .*, 'response' or 'latency_s'"),
        ({"kind": "invocation", "error": {"code": "X", "status": 500}}, "use the kind 'throttle'"),
        ({"kind": "invocation", "error": {"code": "X"}, "response": {"status": 500}}, "not with both"),
        ({"kind": "invocation", "latency_s": 1, "run": True}, "there is none here"),
        ({"kind": "invocation", "error": {"code": "X"}, "run": "yes"}, "true or false"),
        ({"kind": "invocation", "response": {"status": "500"}}, "a number from 0 to 999"),
        ({"kind": "invocation", "response": 500}, "an object with a 'status'"),
        ({"kind": "invocation", "response": {"status": 500, "headers": {}}}, "has no 'headers'"),
        ({"kind": "invocation", "error": {"code": "X"}, "caller": "*"}, "has no 'caller'; it knows"),
        ({"kind": "throttle", "latency_s": 1}, "has no 'latency_s'"),
        ({"kind": "init", "error": {"code": "X"}, "latency_s": 1}, "make two rules"),
        ({"kind": "environment", "when": "later"}, "one of start, end, idle"),
        ({"kind": "environment", "when": "end", "after_s": 1}, "not both"),
        ({"kind": "delivery"}, "'duplicates' .* or 'delay_s'"),
        ({"kind": "delivery", "duplicates": 11}, "whole number from 1 to 10"),
        ({"kind": "delivery", "duplicates": 1.5}, "whole number from 1 to 10"),
        ({"kind": "clock"}, "needs 'skew_s'"),
        ({"kind": "clock", "skew_s": "1h"}, "a number from"),
    ],
)
def test_a_wrong_rule_is_refused_with_what_to_mend(faults: Faults, rule: dict[str, Any], says: str) -> None:
    with pytest.raises(LearnerError, match=says):
        faults.add(rule)
    assert not faults


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "call", "service": "s3", "latency_s": 1},
        {"kind": "invocation", "source": "sqs", "response": {"status": 503, "content_type": "text/plain"}, "run": True},
        {"kind": "throttle", "resource": "*:resize"},
        {"kind": "init", "error": {"code": "Runtime.ImportModuleError", "message": "no module"}},
        {"kind": "environment", "after_s": 2.5},
        {"kind": "delivery", "source": "s3", "duplicates": 2, "delay_s": 30},
        {"kind": "clock", "caller": "*:user/learner", "skew_s": -600},
    ],
    ids=lambda rule: rule["kind"],
)
def test_every_kind_is_json_in_and_out(faults: Faults, rule: dict[str, Any]) -> None:
    shown = faults.add({**rule, "id": "r", "count": 1})
    again = {key: value for key, value in faults.remove("r").items() if value is not None and key != "fired"}
    assert faults.add(again) == shown
    assert {key: shown[key] for key in rule if key != "response"} == {key: rule[key] for key in rule if key != "response"}


def test_the_list_of_kinds_is_covered_by_the_test_above() -> None:
    assert list(KINDS) == ["call", "invocation", "throttle", "init", "environment", "delivery", "clock"]


def test_a_rule_strikes_only_what_it_is_for(faults: Faults) -> None:
    faults.add({"kind": "invocation", "resource": "*:resize", "source": "sqs", "error": {"code": "Broken"}})
    hit = {"resource": (FUNCTION,), "source": ("sqs",)}
    assert faults.match("lambda", "Invoke", (FUNCTION,), "somebody") is None
    assert faults.strike("environment", hit, "") is None
    assert faults.strike("invocation", {**hit, "source": ("s3",)}, "") is None
    assert faults.strike("invocation", {"resource": (FUNCTION,)}, "") is None
    fault = faults.strike("invocation", hit, "")
    assert fault is not None
    assert (fault.code, fault.message) == ("Broken", "Injected by a fault rule.")


def test_every_strike_is_on_the_timeline_with_its_cause() -> None:
    clock = Clock(virtual=True, start=NOW)
    timeline = Timeline(clock)
    faults = Faults(clock, Ids(1), timeline)
    faults.add({"kind": "delivery", "duplicates": 2, "count": 1})
    cause = timeline.add("s3", "something happened")
    for _ in range(2):
        faults.strike("delivery", {"source": ("s3",)}, "a.jpg to resize", cause)
    (entry,) = timeline.since(kind="fault")
    assert (entry.title, entry.cause) == ("Injected by fault-1: a.jpg to resize: delivered 3 times", cause)
    assert entry.detail == {"rule": "fault-1", "fault": "delivery"}
