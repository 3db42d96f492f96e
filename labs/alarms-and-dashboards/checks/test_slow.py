"""Quick calls are quiet; a fifth of slow ones among quick ones rings."""

import json

from autograder.checks.expect import expect


def _state(aws, name):
    found = aws("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    alarms = found["MetricAlarms"] + found["CompositeAlarms"]
    expect(alarms, f"There is no alarm {name}.")
    return alarms[0]["StateValue"]


def _call(aws, lab, times=1, **order):
    for _ in range(times):
        payload = json.dumps({"order": "check", **order}).encode()
        aws("lambda").invoke(FunctionName=lab.name("function"), Payload=payload)


def test_a_slow_share_rings_and_quick_calls_do_not(aws, lab, session):
    name = lab.name("slow")
    _state(aws, name)
    session.wait(300)
    _call(aws, lab, times=5, cents=100)
    session.wait(120)
    state = _state(aws, name)
    expect(state != "ALARM", "Five quick calls ring the alarm.")
    session.wait(60)
    _call(aws, lab, times=8, cents=100)
    _call(aws, lab, times=2, cents=100, ms=1100)
    session.wait(120)
    state = _state(aws, name)
    expect(
        state == "ALARM", f"Two of ten callers waited for more than a second, and the alarm says {state}: the average hides them."
    )
    session.wait(600)
    state = _state(aws, name)
    expect(state == "OK", f"Ten quiet minutes later the alarm says {state}.")
