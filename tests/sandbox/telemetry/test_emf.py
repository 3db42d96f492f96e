from __future__ import annotations

import json

import pytest

from sandbox.telemetry.emf import EmbeddedMetrics
from sandbox.telemetry.metrics import Metrics

PLACE = ("123456789012", "us-east-1")
AT_MS = 1_800_000_000_000


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
def embedded(metrics):
    return EmbeddedMetrics(metrics)


def line(**members):
    directive = {
        "Namespace": "shop",
        "Dimensions": [["service"], ["service", "stage"]],
        "Metrics": [{"Name": "orders", "Unit": "Count"}, {"Name": "latency", "Unit": "Milliseconds"}],
    }
    head = {"Timestamp": AT_MS, "CloudWatchMetrics": [directive | members.pop("directive", {})]}
    return json.dumps({"_aws": head, "service": "api", "stage": "test", "orders": 2, "latency": [10, 30], **members}) + "\n"


def put(embedded, *messages):
    embedded.records(*PLACE, "/aws/lambda/f", "s", [(AT_MS, message) for message in messages])


def test_a_line_of_the_format_becomes_metrics_under_each_dimension_set(embedded, metrics):
    put(embedded, line(), "ordinary line\n")
    found = {(row.name, row.dimensions) for row in metrics.series(*PLACE, "shop")}
    api, both = (("service", "api"),), (("service", "api"), ("stage", "test"))
    assert found == {("orders", api), ("orders", both), ("latency", api), ("latency", both)}
    (point,) = metrics.datapoints(*PLACE, "shop", "latency", api, AT_MS / 1000 - 60, AT_MS / 1000 + 60)
    assert (point.count, point.sum) == (2, 40)
    assert metrics.unit(*PLACE, "shop", "latency", api) == "Milliseconds"
    assert (embedded.lines, embedded.refused) == (1, 0)


@pytest.mark.parametrize(
    "message",
    [
        line(directive={"Dimensions": [["nowhere"]]}),
        line(directive={"Namespace": ""}),
        line(orders="two", latency=True),
        '{"_aws": {"CloudWatchMetrics": "no list"}}',
        '{"_aws": {"CloudWatchMetrics": [',
        '"CloudWatchMetrics"',
    ],
)
def test_a_line_that_is_not_to_the_specification_makes_no_metric(embedded, metrics, message):
    put(embedded, message)
    assert list(metrics.series(*PLACE)) == []
    assert embedded.refused == 1


def test_text_before_the_document_does_not_hide_it(embedded, metrics):
    put(embedded, "2026-01-01T00:00:00Z INFO " + line())
    assert {row.name for row in metrics.series(*PLACE, "shop")} == {"orders", "latency"}


@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "1e400", "1" + "0" * 400])
def test_numbers_no_metric_can_hold_are_left_out(embedded, metrics, number):
    put(embedded, line().replace(f'"Timestamp": {AT_MS}', f'"Timestamp": {number}'))
    assert {row.name for row in metrics.series(*PLACE, "shop")} == {"orders", "latency"}
    metrics.clear()
    put(embedded, line().replace('"orders": 2', f'"orders": {number}'))
    assert {row.name for row in metrics.series(*PLACE, "shop")} == {"latency"}
