from __future__ import annotations

import sys
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telemetry import metrics as metrics_module
from sandbox.telemetry import statistics
from sandbox.telemetry.lambda_metrics import FunctionMeter, RegionMeter
from sandbox.telemetry.metrics import Metrics
from sandbox.telemetry.statistics import Minute, Track, merge

HERE = ("1", "us-east-1")
START = 1_800_000_000  # a whole minute


def _put(metrics: Metrics, value: float, at: float, **dimensions: str) -> None:
    metrics.put(*HERE, "Shop", "Orders", dimensions, value, "Count", at)


def test_a_minute_is_a_statistic_set() -> None:
    metrics = Metrics()
    for second, value in enumerate((1.0, 5.0, 3.0)):
        _put(metrics, value, START + second)
    (point,) = metrics.datapoints(*HERE, "Shop", "Orders", (), START, START + 60)
    assert (point.at, point.count, point.sum, point.min, point.max, point.average) == (START, 3, 9.0, 1.0, 5.0, 3.0)


def test_periods_are_aligned_and_the_end_is_exclusive() -> None:
    metrics = Metrics()
    for minute in range(10):
        _put(metrics, 1.0, START + 60 * minute)
    points = metrics.datapoints(*HERE, "Shop", "Orders", (), START, START + 300, period_s=300)
    assert [(point.at % 300, point.sum) for point in points] == [(0, 5.0)]


def test_dimensions_in_any_order_name_one_series_and_others_none() -> None:
    metrics = Metrics()
    _put(metrics, 1.0, START, b="2", a="1")
    window = (START, START + 60)
    assert metrics.datapoints(*HERE, "Shop", "Orders", (("b", "2"), ("a", "1")), *window)[0].sum == 1.0
    assert metrics.datapoints(*HERE, "Shop", "Orders", (("a", "1"),), *window) == []
    assert metrics.datapoints("2", "us-east-1", "Shop", "Orders", (("a", "1"), ("b", "2")), *window) == []


def test_series_lists_what_has_data_of_one_account() -> None:
    metrics = Metrics()
    _put(metrics, 1.0, START, shop="1")
    metrics.put("2", "us-east-1", "Shop", "Orders", {}, 1.0, "Count", START)
    assert [(row.name, row.dimensions, row.unit) for row in metrics.series(*HERE)] == [("Orders", (("shop", "1"),), "Count")]
    assert list(metrics.series(*HERE, namespace="AWS/Lambda")) == []
    assert metrics.unit(*HERE, "Shop", "Orders", (("shop", "1"),)) == "Count"


def test_a_meter_stores_once_and_is_found_under_each_of_its_sets() -> None:
    metrics = Metrics()
    one = FunctionMeter(metrics, *HERE, "hello", "live", "live", "1")
    two = FunctionMeter(metrics, *HERE, "hello", "live", "live", "2")
    minute = START // 60
    for meter in (one, one, two):
        meter.entered(minute, 1)
        meter.left(minute, 2.0, failed=meter is two)

    def total(name: str, **dimensions: str) -> float:
        sets = tuple(sorted(dimensions.items()))
        return sum(point.sum for point in metrics.datapoints(*HERE, "AWS/Lambda", name, sets, START, START + 60))

    assert total("Invocations", FunctionName="hello") == 3
    assert total("Invocations") == 3
    assert total("Invocations", FunctionName="hello", Resource="hello:live") == 3
    assert total("Invocations", FunctionName="hello", Resource="hello:live", ExecutedVersion="1") == 2
    assert total("Errors", FunctionName="hello", Resource="hello:live", ExecutedVersion="2") == 1
    assert total("Duration", FunctionName="hello") == 6.0
    assert total("Throttles", FunctionName="hello") == 0


def test_region_levels_have_no_dimensions() -> None:
    metrics = Metrics()
    RegionMeter(metrics, *HERE).levels(START // 60, 7, 3, 50)
    found = {
        row.name: metrics.datapoints(*HERE, "AWS/Lambda", row.name, (), START, START + 60)[0].max for row in metrics.series(*HERE)
    }
    assert found == {"ConcurrentExecutions": 7, "UnreservedConcurrentExecutions": 3, "ClaimedAccountConcurrency": 53}


@given(st.lists(st.floats(0.01, 900_000.0), min_size=1, max_size=60))
def test_percentiles_of_few_values_are_exact(values: list[float]) -> None:
    minute = Minute(0)
    for value in values:
        minute.add(value)
    point = merge(0, [minute])
    assert point is not None
    ordered = sorted(values)
    assert point.percentile(50) == ordered[-(-len(values) * 50 // 100) - 1]
    assert point.percentile(100) == max(values)


def test_percentiles_of_many_values_are_right_to_half_a_percent() -> None:
    minute = Minute(0)
    values = [1.0 + index * 0.001 for index in range(1_000)]
    for value in values:
        minute.add(value)
    minute.freeze()
    point = merge(0, [minute])
    assert point is not None
    for percent, exact in ((50, quantiles(values, n=100)[49]), (99, quantiles(values, n=100)[98])):
        assert point.percentile(percent) == pytest.approx(exact, rel=0.0065)


def test_a_minute_never_keeps_more_than_its_bins_and_loses_no_sample() -> None:
    minute = Minute(0)
    value = 0.001
    for _ in range(5_000):
        minute.add(value)
        value *= 1.005
    assert len(minute.values) <= statistics.BINS_MAX
    assert all(key == pytest.approx(statistics.bin_of(key)) for key in minute.values)
    assert sum(times for _, times in minute.pairs()) == minute.count == 5_000


def test_a_late_sample_lands_in_its_own_minute() -> None:
    track = Track("Count")
    track.add(10, 1.0)
    track.add(11, 1.0)
    track.add(10, 4.0)
    assert [(minute.minute, minute.sum) for minute in track.minutes.values()] == [(10, 5.0), (11, 1.0)]
    assert [minute.frozen is None for minute in track.minutes.values()] == [True, False]
    point = merge(0, [track.minutes[10]])
    assert point is not None
    assert point.values() == [(1.0, 1), (4.0, 1)]


def test_old_minutes_and_too_many_series_are_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "MINUTES_MAX", 3)
    monkeypatch.setattr(metrics_module, "SERIES_MAX", 2)
    track = Track("Count")
    for minute in range(5):
        track.add(minute, 1.0)
    assert (sorted(track.minutes), track.dropped_minutes) == ([2, 3, 4], 2)
    metrics = Metrics()
    for shop in "abc":
        _put(metrics, 1.0, START, shop=shop)
    assert (len(list(metrics.series(*HERE))), metrics.refused) == (2, 1)
    assert len(metrics._meters) == 2


def test_a_hundred_thousand_samples_take_no_more_room_than_a_thousand() -> None:
    def room(samples: int) -> int:
        minute = Minute(0)
        for index in range(samples):
            minute.add(1.0 + index % 977)
        minute.freeze()
        assert minute.frozen is not None
        return sys.getsizeof(minute.frozen)

    assert room(100_000) == room(1_000) <= 2_200


def test_clearing_makes_old_handles_harmless() -> None:
    metrics = Metrics()
    track = metrics.meter(*HERE, "Shop", ((),)).track("Orders", "Count")
    metrics.clear()
    track.add(START // 60, 1.0)
    assert list(metrics.series(*HERE)) == []
    assert metrics.epoch == 1
