"""One error does not ring, errors in two minutes do, and quiet ends it."""

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


def _rung(aws, name):
    """How often the alarm has rung, by its history."""
    rows = aws("cloudwatch").describe_alarm_history(AlarmName=name, HistoryItemType="StateUpdate", MaxRecords=100)
    return sum("to ALARM" in row["HistorySummary"] for row in rows["AlarmHistoryItems"])


def test_one_error_rings_nobody_and_two_bad_minutes_do(aws, lab, session):
    name = lab.name("errors")
    _state(aws, name)
    session.wait(900)
    state = _state(aws, name)
    expect(
        state == "OK",
        f"A quarter of an hour without a caller, and the alarm says {state}: what does a minute without data count as?",
    )
    before = _rung(aws, name)
    _call(aws, lab)
    session.wait(240)
    expect(_rung(aws, name) == before, "One error in one minute rings the alarm: let it take two bad minutes of three.")
    session.wait(300)
    for _ in range(2):
        _call(aws, lab)
        session.wait(60)
    session.wait(60)
    state = _state(aws, name)
    expect(state == "ALARM", f"Errors in two minutes of three, and the alarm says {state}.")
    session.wait(600)
    state = _state(aws, name)
    expect(state == "OK", f"Ten quiet minutes later the alarm says {state}.")
