"""What is made of logs: metrics (embedded metric format, metric filters) in the account's one store, and answers to queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.control_plane import insights_api, metric_filter_api
from sandbox.telemetry.emf import EmbeddedMetrics
from sandbox.telemetry.metric_filters import MetricFilters

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_log_metrics(account: Account) -> None:
    embedded, filters = EmbeddedMetrics(account.metrics), MetricFilters(account.metrics)
    metric_filter_api.install(account.plane.services, filters, account.plane.logs, [embedded.records, filters.records])
    queries = insights_api.install(account.plane.services)
    account.on_reset += [filters.clear, queries.clear]
