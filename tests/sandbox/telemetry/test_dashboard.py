from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from sandbox.errors import LearnerError
from sandbox.telemetry import dashboard, dashboard_picture
from sandbox.telemetry.metrics import Metrics

ACCOUNT, REGION, NOW = "123456789012", "us-east-1", 1_800_000_000.0
ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:errors"


def drawn(*widgets, metrics=None, **document):
    body = json.dumps({"widgets": list(widgets), **document})
    states = {ALARM: "ALARM"}
    return dashboard.read("shop", body, metrics or Metrics(), ACCOUNT, REGION, NOW, lambda arn: states.get(arn, ""))


def filled():
    metrics = Metrics()
    for minute in range(20):
        at = NOW - 1_200 + minute * 60
        for function, value in (("a", 2.0), ("b", 3.0)):
            metrics.put(ACCOUNT, REGION, "AWS/Lambda", "Invocations", {"FunctionName": function}, value, "Count", at)
            metrics.put(ACCOUNT, REGION, "AWS/Lambda", "Errors", {"FunctionName": function}, 1.0, "Count", at)
    return metrics


def metric(*rows, **properties):
    return {"type": "metric", "x": 0, "y": 0, "width": 12, "height": 6, "properties": {"metrics": list(rows), **properties}}


def test_dots_repeat_the_row_above_and_expressions_are_worked_out():
    """CloudWatch API reference, "Dashboard body structure and syntax", metrics array."""
    rows = (
        ["AWS/Lambda", "Invocations", "FunctionName", "a", {"id": "i", "label": "calls"}],
        [".", "Errors", ".", ".", {"id": "e", "visible": False}],
        ["...", "b"],
        [{"expression": "100 * e / i", "label": "rate", "id": "r"}],
    )
    (widget,) = drawn(metric(*rows, stat="Sum", period=60), metrics=filled()).widgets
    assert [line.label for line in widget.lines] == ["calls", "Errors", "rate"]
    assert {value for _, value in widget.lines[0].points} == {2.0}
    assert {value for _, value in widget.lines[2].points} == {50.0}
    assert len(widget.lines[0].points) == 20


def test_alarms_and_text_are_in_words():
    alarms = {"type": "alarm", "properties": {"title": "Health", "alarms": [ALARM, ALARM + "2"]}}
    first, second, third = drawn(alarms, {"type": "text", "properties": {"markdown": "# Shop\nrun"}}, {"type": "log"}).widgets
    assert first.texts == ("errors: ALARM", "errors2: no such alarm")
    assert second.texts == ("# Shop", "run")
    assert "not drawn" in third.texts[0]


def test_the_picture_is_one_sound_svg_that_says_the_same_in_words():
    rows = (["AWS/Lambda", "Invocations", "FunctionName", "a", {"stat": "Sum", "label": "a <&> b"}],)
    annotations = {"horizontal": [{"label": "limit", "value": 4}]}
    number = {**metric(*rows, view="singleValue", period=60), "y": 6}
    picture = dashboard_picture.svg(drawn(metric(*rows, annotations=annotations, title="Calls"), number, metrics=filled()))
    root = ET.fromstring(picture)
    assert root.tag.endswith("svg")
    described = next(element for element in root.iter() if element.tag.endswith("desc"))
    assert "Calls: a <&> b: 10." in (described.text or "")
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")


def test_the_time_of_a_dashboard_can_be_said():
    drawing = drawn(start="-PT1H30M")
    assert drawing.end - drawing.start == 5_400
    assert "no widgets" in dashboard_picture.svg(drawing)


@pytest.mark.parametrize("row", [["AWS/Lambda"], "text", [{"expression": "WRONG(x)", "id": "w"}], [], ["."]])
def test_a_row_that_is_no_metric_does_not_break_the_others(row):
    (widget,) = drawn(metric(row)).widgets
    assert dashboard_picture.svg(drawn(metric(row))).startswith("<svg")
    assert all(not line.points for line in widget.lines)


@pytest.mark.parametrize("body", ["", "[]", '{"widgets": 7}'])
def test_a_body_that_is_none_says_so(body):
    with pytest.raises(LearnerError, match="dashboard 'd'"):
        dashboard.read("d", body, Metrics(), ACCOUNT, REGION, NOW, lambda _: "")
