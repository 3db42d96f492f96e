"""Refused payments are one metric, whatever the order, and enough of them ring."""

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


def test_refused_payments_are_one_metric_and_ring(aws, lab, session):
    name = lab.name("refused")
    _state(aws, name)
    session.wait(900)
    state = _state(aws, name)
    expect(state != "ALARM", "No payment has been refused for a quarter of an hour, and the alarm rings.")
    began = session.now()
    for number in range(6):
        _call(aws, lab, order=f"check-{number}", cents=100, card="refused", at=session.now())
    session.wait(120)
    found = _counted_since(aws, began, session.now())
    expect(found, "No metric PaymentsRefused in the namespace Shop counts the payments: does the line fulfil the format?")
    expect(len(found) <= 3, f"Six payments went into {len(found)} metrics PaymentsRefused: every order made its own.")
    state = _state(aws, name)
    expect(
        state == "ALARM",
        f"Six payments were refused within a minute, and the alarm says {state}: does it name the metric's dimension?",
    )
    group = f"/aws/lambda/{lab.name('function')}"
    asked = {"logGroupName": group, "filterPattern": '"PaymentsRefused"', "startTime": int(began * 1000)}
    lines = aws("logs").filter_log_events(**asked)["events"]
    expect(any("check-3" in line["message"] for line in lines), "The log no longer tells which order was refused.")


def _counted_since(aws, began, ended):
    """The metrics PaymentsRefused that have counted something since ``began``: no metric of an earlier try can be deleted."""
    cloudwatch, name = aws("cloudwatch"), {"Namespace": "Shop", "MetricName": "PaymentsRefused"}
    asked = {**name, "StartTime": began - 60, "EndTime": ended + 60, "Period": 60, "Statistics": ["Sum"]}
    known = [row for page in cloudwatch.get_paginator("list_metrics").paginate(**name) for row in page["Metrics"]]
    return [row for row in known if cloudwatch.get_metric_statistics(**asked, Dimensions=row["Dimensions"])["Datapoints"]]
