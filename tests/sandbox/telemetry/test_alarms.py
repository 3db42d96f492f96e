from __future__ import annotations

import time

import pytest

from sandbox.clock import Clock
from sandbox.errors import AwsError
from sandbox.telemetry.alarms import Alarms
from sandbox.telemetry.metrics import Metrics
from sandbox.telemetry.timeline import Timeline

ACCOUNT, REGION, START = "123456789012", "us-east-1", 1_800_000_000.0


class Room:
    def __init__(self) -> None:
        self.clock = Clock(virtual=True, start=START)
        self.metrics = Metrics()
        self.timeline = Timeline(self.clock)
        self.alarms = Alarms(self.metrics, self.clock, self.timeline)
        self.changes: list[tuple[str, str, str]] = []
        self.alarms.on_change.append(lambda change: self.changes.append((change.alarm.name, change.old.value, change.new.value)))

    def put(self, name="errors", **more):
        params = {
            "AlarmName": name,
            "Namespace": "AWS/Lambda",
            "MetricName": "Errors",
            "Dimensions": [{"Name": "FunctionName", "Value": "f"}],
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        }
        return self.alarms.put(ACCOUNT, REGION, {key: value for key, value in {**params, **more}.items() if value is not None})

    def sample(self, value, name="Errors", function="f"):
        self.metrics.put(ACCOUNT, REGION, "AWS/Lambda", name, {"FunctionName": function}, value, "Count", self.clock.now())

    def minutes(self, count=1):
        until = self.clock.now() + count * 60
        while self.clock.run_next(until):
            pass
        self.clock.move_to(until)


@pytest.fixture
def room():
    return Room()


def test_an_alarm_begins_without_data_and_goes_off_within_the_next_minute(room):
    alarm = room.put()
    assert (alarm.standing.value, alarm.standing.reason) == ("INSUFFICIENT_DATA", "Unchecked: Initial alarm creation")
    room.sample(2)
    room.minutes()
    assert alarm.standing.value == "ALARM"
    assert alarm.standing.reason == (
        "Threshold Crossed: 1 datapoint [2.0 (15/01/27 08:00:00)] was greater than or equal to the threshold (1.0)."
    )
    assert room.changes == [("errors", "INSUFFICIENT_DATA", "ALARM")]


def test_another_functions_errors_do_not_move_it(room):
    alarm = room.put()
    room.sample(5, function="other")
    room.minutes(5)
    assert alarm.standing.value == "INSUFFICIENT_DATA"


def test_m_out_of_n_waits_for_the_second_breach(room):
    alarm = room.put(EvaluationPeriods=3, DatapointsToAlarm=2)
    for value in (1, 0, 0):
        room.sample(value)
        room.minutes()
    assert alarm.standing.value == "OK"
    for value in (1, 0, 1):
        room.sample(value)
        room.minutes()
    assert alarm.standing.value == "ALARM"
    assert alarm.standing.reason.startswith("Threshold Crossed: 2 out of the last 3 datapoints [1.0 (")
    assert alarm.standing.reason.endswith(
        "were greater than or equal to the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition)."
    )


def test_a_quiet_metric_goes_where_treat_missing_data_says(room):
    alarms = {how: room.put(how, TreatMissingData=how) for how in ("missing", "ignore", "breaching", "notBreaching")}
    room.sample(1)
    room.minutes()
    assert {alarm.standing.value for alarm in alarms.values()} == {"ALARM"}
    room.minutes(10)
    assert {how: alarm.standing.value for how, alarm in alarms.items()} == {
        "missing": "INSUFFICIENT_DATA",
        "ignore": "ALARM",
        "breaching": "ALARM",
        "notBreaching": "OK",
    }
    assert alarms["missing"].standing.reason == "Insufficient Data: 1 datapoint was unknown."
    assert alarms["notBreaching"].standing.reason == (
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching]."
    )


def test_a_long_period_slides_with_the_minute(room):
    """CloudWatch user guide: a five-minute alarm is evaluated each minute over the five minutes before."""
    room.minutes(2)
    alarm = room.put(Period=300, Threshold=3.0)
    room.sample(3)
    room.minutes()
    assert alarm.standing.value == "ALARM"


def test_percentiles_are_evaluated(room):
    alarm = room.put(Statistic=None, ExtendedStatistic="p90", Threshold=100.0, MetricName="Duration")
    for value in [10] * 8 + [500] * 2:
        room.sample(value, "Duration")
    room.minutes()
    assert alarm.standing.value == "ALARM"


def test_a_percentile_of_few_samples_can_be_ignored(room):
    """CloudWatch user guide, "Percentile-based CloudWatch alarms and low data samples": p90 takes a hundred samples."""
    alarm = room.put(
        Statistic=None, ExtendedStatistic="p90", Threshold=100.0, MetricName="Duration", EvaluateLowSampleCountPercentile="ignore"
    )
    for _ in range(99):
        room.sample(500, "Duration")
    room.minutes()
    assert alarm.standing.value == "INSUFFICIENT_DATA"
    for _ in range(100):
        room.sample(500, "Duration")
    room.minutes()
    assert alarm.standing.value == "ALARM"


def test_metric_math_divides_errors_by_invocations(room):
    stat = {
        "Metric": {"Namespace": "AWS/Lambda", "Dimensions": [{"Name": "FunctionName", "Value": "f"}]},
        "Period": 60,
        "Stat": "Sum",
    }
    rate = [
        {"Id": "e", "MetricStat": {**stat, "Metric": {**stat["Metric"], "MetricName": "Errors"}}, "ReturnData": False},
        {"Id": "i", "MetricStat": {**stat, "Metric": {**stat["Metric"], "MetricName": "Invocations"}}, "ReturnData": False},
        {"Id": "rate", "Expression": "100 * e / i", "ReturnData": True},
    ]
    plain = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Period", "Dimensions"))
    alarm = room.put(**plain, Metrics=rate, Threshold=10.0)
    room.sample(1)
    room.sample(20, "Invocations")
    room.minutes()
    assert alarm.standing.value == "OK"
    room.sample(5)
    room.sample(20, "Invocations")
    room.minutes()
    assert alarm.standing.value == "ALARM"
    assert "[25.0 (" in alarm.standing.reason


def test_an_expression_that_cannot_be_evaluated_says_so(room):
    plain = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Period", "Dimensions"))
    alarm = room.put(**plain, Metrics=[{"Id": "x", "Expression": "NOSUCH(y)", "Period": 60}])
    room.minutes()
    assert alarm.standing.value == "INSUFFICIENT_DATA"
    assert "x" in alarm.standing.reason


def test_a_value_outside_the_band_of_its_history_alarms(room):
    metric = {"Namespace": "AWS/Lambda", "MetricName": "Duration", "Dimensions": [{"Name": "FunctionName", "Value": "f"}]}
    queries = [
        {"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Average"}, "ReturnData": True},
        {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m, 2)"},
    ]
    plain = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Period", "Dimensions", "Threshold"))
    alarm = room.put(
        **plain,
        Metrics=queries,
        ThresholdMetricId="band",
        ComparisonOperator="GreaterThanUpperThreshold",
    )
    for value in (100, 104, 96, 101, 99, 103, 98, 100, 102, 97):
        room.sample(value, "Duration")
        room.minutes()
    assert alarm.standing.value == "OK"
    room.sample(300, "Duration")
    room.minutes()
    assert alarm.standing.value == "ALARM"
    assert "upper thresholds [" in alarm.standing.reason


def test_a_composite_alarm_follows_its_children_in_the_same_moment(room):
    room.put("a")
    room.put("b", MetricName="Throttles")
    both = room.alarms.put(ACCOUNT, REGION, {"AlarmName": "both", "AlarmRule": "ALARM(a) AND NOT ALARM(b)"})
    assert both.standing.value == "OK"
    assert both.standing.reason.endswith("alarm:both was created and its alarm rule evaluates to OK")
    room.sample(1)
    room.minutes()
    assert both.standing.value == "ALARM"
    assert both.standing.reason == (
        "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a transitioned to ALARM at Friday 15 January, 2027 08:01:00 UTC"
    )
    assert both.standing.data["triggeringAlarms"][0]["state"]["value"] == "ALARM"
    entries = {entry.title: entry for entry in room.timeline}
    cause = entries["Alarm a: INSUFFICIENT_DATA → ALARM"]
    assert entries["Alarm both: OK → ALARM"].cause == cause.id


def test_a_composite_alarm_on_itself_or_on_nothing_is_refused(room):
    room.put("a")
    room.alarms.put(ACCOUNT, REGION, {"AlarmName": "one", "AlarmRule": "ALARM(a)"})
    room.alarms.put(ACCOUNT, REGION, {"AlarmName": "two", "AlarmRule": "ALARM(one)"})
    for rule in ("ALARM(two)", "ALARM(one)", "ALARM(nowhere)"):
        with pytest.raises(AwsError, match="AlarmRule"):
            room.alarms.put(ACCOUNT, REGION, {"AlarmName": "one", "AlarmRule": rule})
    assert room.alarms.find(ACCOUNT, REGION, "one").params["AlarmRule"] == "ALARM(a)"


def test_a_state_that_was_set_by_hand_lasts_until_the_next_evaluation(room):
    alarm = room.put(TreatMissingData="notBreaching")
    room.alarms.set_state(alarm, "ALARM", "drill", {})
    assert room.changes[-1] == ("errors", "INSUFFICIENT_DATA", "ALARM")
    room.minutes()
    assert alarm.standing.value == "OK"


def test_the_timer_is_there_only_while_there_are_metric_alarms(room):
    assert room.clock.next_due() is None
    alarm = room.put()
    assert room.clock.next_due() == START + 60
    assert room.clock.next_due(background=False) is None
    room.alarms.delete(alarm)
    assert room.clock.next_due() is None


def test_history_tells_creation_changes_and_deletion(room):
    alarm = room.put(TreatMissingData="notBreaching")
    room.minutes()
    room.alarms.delete(alarm)
    assert [item.summary for item in room.alarms.history.items] == [
        'Alarm "errors" created',
        "Alarm updated from INSUFFICIENT_DATA to OK",
        'Alarm "errors" deleted',
    ]


def test_six_hours_of_one_alarm_take_no_time(room):
    """Aim: 50 ms; ten times that still tells a quadratic evaluation from a linear one on a busy machine."""
    room.put(EvaluationPeriods=3)
    started = time.perf_counter()
    for _ in range(360):
        room.sample(0)
        room.minutes()
    assert time.perf_counter() - started < 0.5
