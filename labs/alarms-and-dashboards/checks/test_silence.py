"""No calls ring this alarm, calls end it."""

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


def test_silence_rings_and_a_call_ends_it(aws, lab, session):
    name = lab.name("silence")
    _state(aws, name)
    session.wait(1200)
    state = _state(aws, name)
    expect(state == "ALARM", f"Nobody has called for twenty minutes, and the alarm says {state}.")
    _call(aws, lab, cents=100)
    session.wait(120)
    state = _state(aws, name)
    expect(state == "OK", f"Somebody has called two minutes ago, and the alarm still says {state}.")
