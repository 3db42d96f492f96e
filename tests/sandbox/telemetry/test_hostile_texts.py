"""Texts a stranger wrote end in AWS's error or in a result, never in a defect."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import AwsError, LearnerError
from sandbox.telemetry import dashboard, dashboard_picture
from sandbox.telemetry.alarm_rule import AlarmRule
from sandbox.telemetry.bounded_regex import BoundedRegex
from sandbox.telemetry.emf import EmbeddedMetrics
from sandbox.telemetry.insights import Query
from sandbox.telemetry.insights_fields import Event
from sandbox.telemetry.metric_math import evaluate_all
from sandbox.telemetry.metrics import Metrics
from sandbox.telemetry.service_graph import service_graph
from sandbox.telemetry.trace_filter import trace_filter
from sandbox.telemetry.traces import BadSegment, Traces

PLACE = ("123456789012", "us-east-1")
QUERY = (
    "fields filter parse stats sort limit dedup display | , ( ) [ ] = != < like not in and or by as @message @type ms count(*) "
    "sum(ms) pct(ms,95) bin(5m) /a(?<b>.)/ 'a*b' 1 2.5 -1 * / + substr(ms,1) replace(ms,1,2) ispresent(x) `odd name` # \""
)
RULE = 'ALARM OK NOT AND OR ( ) a " TRUE arn:aws:x:alarm:b INSUFFICIENT_DATA'
MATH = "m n + - * / ( ) FILL IF SUM METRICS RATE ANOMALY_DETECTION_BAND , 0 1e999 REPEAT [ ] > **"
FILTER = 'fault AND ok ! service("x") responsetime > 1 annotation.k = "v" OR http.status'
QUERY_WORDS, RULE_WORDS, MATH_WORDS, FILTER_WORDS = (st.sampled_from(words.split()) for words in (QUERY, RULE, MATH, FILTER))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def events():
    texts = ('{"ms": 5, "a": [1, {"b": null}]}', "REPORT Duration: x ms", "", "a\tb")
    return [Event("/aws/lambda/f", PLACE[0], "s", at, at, text, str(at)) for at, text in enumerate(texts)]


@settings(max_examples=300, deadline=None)
@given(st.lists(QUERY_WORDS, max_size=14).map(" ".join) | st.text(max_size=40))
def test_any_query_ends_in_rows_or_an_error(text):
    with contextlib.suppress(AwsError):
        Query(text).run(events())


@settings(max_examples=200, deadline=None)
@given(st.lists(RULE_WORDS, max_size=12).map(" ".join) | st.text(max_size=30))
def test_any_alarm_rule_ends_in_a_verdict_or_an_error(text):
    with contextlib.suppress(AwsError):
        AlarmRule(text).holds(lambda _: "OK")


@settings(max_examples=300, deadline=None)
@given(st.lists(MATH_WORDS, max_size=10).map(" ".join) | st.text(max_size=30))
def test_any_expression_ends_in_series_or_an_error(text):
    with contextlib.suppress(AwsError):
        found = evaluate_all("x", {"x": text}, {"m": {0: 1.0, 60: 0.0}, "n": {0: 2.0}}, [0, 60], lambda _: [1.0] * 9)
        assert all(isinstance(series, dict) for series in found)


@settings(max_examples=200, deadline=None)
@given(st.lists(FILTER_WORDS, max_size=6).map(" ".join) | st.text(max_size=30))
def test_any_trace_filter_ends_in_a_test_or_an_error(text):
    with contextlib.suppress(AwsError):
        trace_filter(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab.*+?()[]{}|\\^$1,<>=:!P", max_size=16))
def test_any_expression_is_refused_or_fast(text):
    with contextlib.suppress(AwsError):
        BoundedRegex(text, "X").search("ab" * 2_048)


@settings(max_examples=200, deadline=None)
@given(JSON, JSON)
def test_any_segment_is_taken_or_handed_back(document, part):
    base = {
        "id": "70de5b6f19ff9a0a",
        "trace_id": "1-6b49d200-0123456789abcdef01234567",
        "name": "n",
        "start_time": 1,
        "end_time": 2,
    }
    store = Traces()
    for text in (json.dumps(document), json.dumps({**base, "subsegments": part, "annotations": part, "http": part})):
        with contextlib.suppress(BadSegment):
            store.put_text(*PLACE, text)
    for trace in store.between(*PLACE, 0, 10):
        assert service_graph([trace], PLACE[0])
        assert trace_filter("ok AND duration >= 0 AND !partial AND responsetime > 0")(trace)
        assert trace_filter("http.status = 200")(trace) in (True, False)
        assert isinstance(trace.annotations(), dict)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_embedded_metric_is_counted_one_way_or_the_other(document):
    embedded = EmbeddedMetrics(Metrics())
    text = json.dumps({"_aws": {"CloudWatchMetrics": document, "Timestamp": document}, "n": 1})
    embedded.records(*PLACE, "g", "s", [(1, text)])
    assert embedded.lines + embedded.refused == 1


@settings(max_examples=200, deadline=None)
@given(JSON, JSON)
def test_any_dashboard_is_drawn_or_refused(widget, properties):
    rows = [widget, {"type": "metric", "properties": properties}, {"type": "metric", "properties": {"metrics": widget}}]
    rows += [{"type": kind, "properties": properties, "x": widget} for kind in ("alarm", "text")]
    rows += [{"type": "alarm", "properties": {"alarms": widget}}, {"type": "metric", "properties": {"annotations": widget}}]
    with contextlib.suppress(LearnerError):
        drawing = dashboard.read("d", json.dumps({"widgets": rows}), Metrics(), *PLACE, 1e9, lambda _: "")
        assert dashboard_picture.svg(drawing).endswith("</svg>")


@pytest.mark.parametrize("start", ["true", '"now"', "-1", "1e400", "NaN"])
def test_a_segment_without_a_time_is_handed_back(start):
    head = '{"id": "70de5b6f19ff9a0a", "trace_id": "1-6b49d200-0123456789abcdef01234567", "name": "n", "start_time": '
    with pytest.raises(BadSegment, match="MissingStartTime"):
        Traces().put_text(*PLACE, head + start + "}")
