"""The metrics of an account: statistic sets per minute, namespace, name and dimensions. CloudWatch's adapter reads them here.

Who emits the same value under several dimension sets (Lambda does) takes a ``Meter`` for them once: a sample is then stored once
and found under each set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from sandbox.telemetry.statistics import Datapoint, Minute, Track, merge

Dimensions = tuple[tuple[str, str], ...]  # sorted by name

SERIES_MAX = 10_000  # tracks; what comes later is counted in ``refused`` and not kept


class MetricSink(Protocol):
    """Where a room without a meter of its own puts a single value. ``at`` is epoch seconds."""

    def put(
        self,
        account_id: str,
        region: str,
        namespace: str,
        name: str,
        dimensions: Mapping[str, str],
        value: float,
        unit: str,
        at: float,
    ) -> None: ...


class Series(NamedTuple):
    """A metric that has data, as ListMetrics shows it."""

    namespace: str
    name: str
    dimensions: Dimensions
    unit: str


_Place = tuple[str, str, str]  # account, region, namespace
MetricPlace = tuple[str, str, str, str, Dimensions]  # account, region, namespace, name, dimensions sorted by name
_Key = tuple[str, Dimensions]


class Meter:
    """Tracks that share their dimension sets. ``add`` takes the minute (epoch seconds // 60) so that a caller divides once."""

    __slots__ = ("_metrics", "_place", "_sets", "_tracks")

    def __init__(self, metrics: Metrics, place: _Place, sets: tuple[Dimensions, ...]) -> None:
        self._metrics = metrics
        self._place = place
        self._sets = sets
        self._tracks: dict[str, Track] = {}

    def track(self, name: str, unit: str) -> Track:
        found = self._tracks.get(name)
        if found is None:
            found = self._tracks[name] = self._metrics.new_track(self._place, name, self._sets, unit)
        return found


class Metrics:
    """Bounded in every direction: ``SERIES_MAX`` tracks of ``statistics.MINUTES_MAX`` minutes of 2 kB at most."""

    def __init__(self) -> None:
        self._tracks: dict[_Place, dict[_Key, list[Track]]] = defaultdict(dict)
        self._meters: dict[tuple[_Place, tuple[Dimensions, ...]], Meter] = {}
        self._count = 0
        self.refused = 0
        self.epoch = 0  # changes when everything is forgotten: handles taken before are dead

    def meter(self, account_id: str, region: str, namespace: str, sets: tuple[Dimensions, ...]) -> Meter:
        place = (account_id, region, namespace)
        key = (place, sets)
        found = self._meters.get(key)
        if found is None:
            found = Meter(self, place, sets)
            if len(self._meters) < SERIES_MAX:
                self._meters[key] = found
        return found

    def put(
        self,
        account_id: str,
        region: str,
        namespace: str,
        name: str,
        dimensions: Mapping[str, str],
        value: float,
        unit: str,
        at: float,
    ) -> None:
        meter = self.meter(account_id, region, namespace, (tuple(sorted(dimensions.items())),))
        meter.track(name, unit).add(int(at // 60), value)

    def series(self, account_id: str, region: str, namespace: str = "", name: str = "") -> Iterator[Series]:
        """Every metric with data, optionally of one namespace or name."""
        for (account, where, space), tracks in self._tracks.items():
            if account != account_id or where != region or (namespace and space != namespace):
                continue
            for (metric, dimensions), found in tracks.items():
                if (not name or metric == name) and any(track.minutes for track in found):
                    yield Series(space, metric, dimensions, found[0].unit)

    def datapoints(
        self,
        account_id: str,
        region: str,
        namespace: str,
        name: str,
        dimensions: Dimensions,
        start: float,
        end: float,
        period_s: int = 60,
    ) -> list[Datapoint]:
        """Periods with samples in [start, end), ascending, aligned to whole periods; a period below a minute counts as one."""
        period = max(1, period_s // 60)
        groups: dict[int, list[Minute]] = defaultdict(list)
        for track in self._tracks.get((account_id, region, namespace), {}).get((name, tuple(sorted(dimensions))), ()):
            for number, minute in track.minutes.items():
                if start <= number * 60 < end or (number * 60 <= start < number * 60 + 60):
                    groups[number - number % period].append(minute)
        found = (merge(number * 60, groups[number]) for number in sorted(groups))
        return [datapoint for datapoint in found if datapoint is not None]

    def windows(self, place: MetricPlace, end: float, period_s: int, count: int) -> list[Datapoint | None]:
        """The ``count`` periods before ``end``, oldest first; the last one ends at the minute of ``end`` (they slide)."""
        period = max(1, period_s // 60)
        last = int(end // 60)
        first = last - period * count
        groups: list[list[Minute]] = [[] for _ in range(count)]
        for track in self._tracks.get(place[:3], {}).get(place[3:], ()):
            if len(track.minutes) < last - first:
                numbers = [number for number in track.minutes if first <= number < last]
            else:
                numbers = [number for number in range(first, last) if number in track.minutes]
            for number in numbers:
                groups[(number - first) // period].append(track.minutes[number])
        return [merge((first + index * period) * 60, minutes) if minutes else None for index, minutes in enumerate(groups)]

    def unit(self, account_id: str, region: str, namespace: str, name: str, dimensions: Dimensions) -> str:
        """The unit a metric was recorded with; empty when it has no data."""
        found = self._tracks.get((account_id, region, namespace), {}).get((name, tuple(sorted(dimensions))))
        return found[0].unit if found else ""

    def new_track(self, place: _Place, name: str, sets: tuple[Dimensions, ...], unit: str) -> Track:
        """For meters: a track that is found under every one of ``sets``."""
        track = Track(unit)
        if self._count >= SERIES_MAX:
            self.refused += 1
            return track
        self._count += 1
        for dimensions in sets:
            self._tracks[place].setdefault((name, dimensions), []).append(track)
        return track

    def clear(self) -> None:
        self._tracks.clear()
        self._meters.clear()
        self._count = 0
        self.epoch += 1
