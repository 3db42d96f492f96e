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
    for number in range(6):
        _call(aws, lab, order=f"check-{number}", cents=100, card="refused", at=session.now())
    session.wait(120)
    found = aws("cloudwatch").list_metrics(Namespace="Shop", MetricName="PaymentsRefused")["Metrics"]
    expect(found, "There is no metric PaymentsRefused in the namespace Shop: does the line fulfil the format?")
    kinds = {tuple(sorted(row["Name"] for row in metric["Dimensions"])) for metric in found}
    expect(
        ("order",) not in kinds and len(found) <= 3, f"There are {len(found)} metrics PaymentsRefused: every order made its own."
    )
    state = _state(aws, name)
    expect(
        state == "ALARM",
        f"Six payments were refused within a minute, and the alarm says {state}: does it name the metric's dimension?",
    )
    group = f"/aws/lambda/{lab.name('function')}"
    lines = aws("logs").filter_log_events(logGroupName=group, filterPattern='"PaymentsRefused"')["events"]
    expect(any("check-3" in line["message"] for line in lines), "The log no longer tells which order was refused.")
