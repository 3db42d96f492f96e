"""The service map of traces: who calls whom, how often, how it went (X-Ray API reference, GetServiceGraph)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.telemetry.traces import Document, Trace, end_of, walk


def service_graph(traces: Sequence[Trace], account_id: str) -> list[dict[str, Any]]:
    """Services (name and type), the calls between them, and how they went: GetServiceGraph's ``Services``."""
    from_id: dict[tuple[str, str], tuple[str, str]] = {}
    services: dict[tuple[str, str], _Service] = {}
    for trace in traces:
        for segment in trace.segments.values():
            key = _service_key(segment)
            services.setdefault(key, _Service(len(services), *key)).count(segment)
            for one in walk(segment):
                from_id[trace.id, one["id"]] = key
    for trace in traces:
        for segment in trace.segments.values():
            parent = from_id.get((trace.id, str(segment.get("parent_id"))))
            here = services[_service_key(segment)]
            if parent is None:
                here.root = True
            elif parent != _service_key(segment):
                services[parent].edge_to(here, segment)
            for one in walk(segment):
                if one.get("namespace") in ("aws", "remote"):
                    _remote(one, services, _service_key(segment), trace)
    return [service.row(account_id) for service in services.values()]


def _remote(
    one: Document,
    services: dict[tuple[str, str], _Service],
    caller: tuple[str, str],
    trace: Trace,
) -> None:
    """A call whose other side sent no segment of its own is a service all the same."""
    if any(segment.get("parent_id") == one["id"] for segment in trace.segments.values()):
        return
    kind = f"AWS::{one['name']}" if one["namespace"] == "aws" else "remote"
    key = (str(one["name"]), kind)
    target = services.setdefault(key, _Service(len(services), *key))
    target.count(one)
    services[caller].edge_to(target, one)


def _service_key(segment: Document) -> tuple[str, str]:
    return (str(segment["name"]), str(segment.get("origin") or "client"))


class _Service:
    def __init__(self, number: int, name: str, kind: str) -> None:
        self.number = number
        self.name = name
        self.kind = kind
        self.root = False
        self._documents: list[Document] = []
        self._edges: dict[int, list[Document]] = {}

    def count(self, document: Document) -> None:
        self._documents.append(document)

    def edge_to(self, other: _Service, document: Document) -> None:
        self._edges.setdefault(other.number, []).append(document)

    def row(self, account_id: str) -> dict[str, Any]:
        edges = [
            {"ReferenceId": number, **_span(documents), "SummaryStatistics": _statistics(documents)}
            for number, documents in self._edges.items()
        ]
        return {
            "ReferenceId": self.number,
            "Name": self.name,
            "Names": [self.name],
            "Root": self.root,
            "AccountId": account_id,
            "Type": self.kind,
            "State": "active",
            **_span(self._documents),
            "Edges": edges,
            "SummaryStatistics": _statistics(self._documents),
        }


def _span(documents: Sequence[Document]) -> dict[str, float]:
    ends = [end_of(one) for one in documents]
    return {"StartTime": min(float(one["start_time"]) for one in documents), "EndTime": max(ends)}


def _statistics(documents: Sequence[Document]) -> dict[str, Any]:
    throttles = sum(bool(one.get("throttle")) for one in documents)
    errors = sum(bool(one.get("error")) and not one.get("fault") for one in documents)
    faults = sum(bool(one.get("fault")) for one in documents)
    total = sum(end_of(one) - float(one["start_time"]) for one in documents)
    other = max(0, errors - throttles)
    return {
        "OkCount": len(documents) - errors - faults,
        "ErrorStatistics": {"ThrottleCount": throttles, "OtherCount": other, "TotalCount": errors},
        "FaultStatistics": {"OtherCount": faults, "TotalCount": faults},
        "TotalCount": len(documents),
        "TotalResponseTime": total,
    }
