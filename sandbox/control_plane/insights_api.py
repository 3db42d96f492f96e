"""StartQuery, GetQueryResults and their relatives: Logs Insights over the account's log groups. A query is complete at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal
from sandbox.telemetry.insights import LIMIT_MAX, Query
from sandbox.telemetry.insights_fields import Event

QUERIES_MAX = 200  # the newest are kept
GROUPS_MAX = 50  # StartQuery API reference
_MILLISECONDS = 100_000_000_000  # numbers above are not seconds

Result = dict[str, Any]
_Handler = Callable[[dict[str, Any], str, str], Result]


@dataclass(frozen=True, slots=True)
class Answer:
    """One finished query."""

    account_id: str
    region: str
    groups: tuple[str, ...]
    text: str
    created_ms: int
    rows: list[list[dict[str, str]]]
    statistics: dict[str, float]


class InsightsApi:
    """Each method takes botocore's parameters, the account and the Region."""

    def __init__(self, services: Services) -> None:
        self._world = services.world
        self._answers: dict[str, Answer] = {}

    def start(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        if params.get("queryLanguage", "CWLI") != "CWLI":
            raise _invalid("this account answers queries in CWLI, the Logs Insights query language")
        query = Query(params["queryString"])
        groups = _groups(params)
        start, end = _ms(params["startTime"]), _ms(params["endTime"], end=True)
        if start > end:
            raise _invalid("startTime must not be after endTime")
        limit = int(params.get("limit") or LIMIT_MAX)
        if not 1 <= limit <= LIMIT_MAX:
            raise _invalid(f"limit must be from 1 to {LIMIT_MAX}")
        events = self._events(groups, account_id, region, start, end)
        rows, matched = query.run(events, limit)
        scanned = float(sum(len(event.values["@message"]) for event in events))
        statistics = {
            "recordsMatched": float(matched),
            "recordsScanned": float(len(events)),
            "bytesScanned": scanned,
            "logGroupsScanned": float(len(groups)),
        }
        query_id = self._world.ids.uuid()
        now_ms = self._world.clock.now_ms()
        self._answers[query_id] = Answer(account_id, region, groups, params["queryString"], now_ms, rows, statistics)
        while len(self._answers) > QUERIES_MAX:
            del self._answers[next(iter(self._answers))]
        return {"queryId": query_id}

    def results(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        answer = self._answer(params, account_id, region)
        return {"queryLanguage": "CWLI", "results": answer.rows, "statistics": answer.statistics, "status": "Complete"}

    def stop(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        self._answer(params, account_id, region)
        raise _invalid("the query has ended already; its status is Complete")

    def describe(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        group, status = params.get("logGroupName"), params.get("status")
        rows = [
            {
                "queryLanguage": "CWLI",
                "queryId": query_id,
                "queryString": answer.text,
                "status": "Complete",
                "createTime": answer.created_ms,
                "logGroupName": answer.groups[0],
            }
            for query_id, answer in reversed(self._answers.items())
            if (answer.account_id, answer.region) == (account_id, region) and (not group or group in answer.groups)
        ]
        return {"queries": rows if status in (None, "Complete") else []}

    def clear(self) -> None:
        self._answers.clear()

    def _answer(self, params: dict[str, Any], account_id: str, region: str) -> Answer:
        answer = self._answers.get(params["queryId"])
        if answer is None or (answer.account_id, answer.region) != (account_id, region):
            raise AwsError("ResourceNotFoundException", "The specified query does not exist.")
        return answer

    def _events(self, groups: tuple[str, ...], account_id: str, region: str, start: int, end: int) -> list[Event]:
        known = self._world.backend("logs", account_id, region).groups if self._world.known("logs") else {}
        missing = next((name for name in groups if name not in known), None)
        if missing is not None:
            message = f"Log group '{missing}' does not exist for account ID '{account_id}'"
            raise AwsError("ResourceNotFoundException", message)
        return [
            Event(name, account_id, stream_name, event.timestamp, event.ingestion_time, event.message, str(event.event_id))
            for name in groups
            for stream_name, stream in known[name].streams.items()
            for event in stream.events
            if start <= event.timestamp <= end
        ]


def _groups(params: dict[str, Any]) -> tuple[str, ...]:
    ways = [params[name] for name in ("logGroupName", "logGroupNames", "logGroupIdentifiers") if params.get(name)]
    if len(ways) != 1:
        raise _invalid("exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given")
    names = [ways[0]] if isinstance(ways[0], str) else list(ways[0])
    if len(names) > GROUPS_MAX:
        raise _invalid(f"a query takes at most {GROUPS_MAX} log groups")
    return tuple(dict.fromkeys(name.partition(":log-group:")[2].removesuffix(":*") or name for name in names))


def _ms(value: Any, *, end: bool = False) -> int:
    """Seconds, of which the last one counts whole; the console's milliseconds are taken as well."""
    number = int(value)
    return number if number > _MILLISECONDS else number * 1000 + (999 if end else 0)


def _invalid(why: str) -> AwsError:
    return AwsError("InvalidParameterException", f"{why[0].upper()}{why[1:]}.")


def install(services: Services) -> InsightsApi:
    api = InsightsApi(services)
    for operation, handler in {
        "StartQuery": api.start,
        "GetQueryResults": api.results,
        "StopQuery": api.stop,
        "DescribeQueries": api.describe,
    }.items():
        services.override("logs", operation, _plain(handler))
    return api


def _plain(handler: _Handler) -> Callable[[ParsedCall, HttpRequest, str, str, Principal | None], Result]:
    return lambda call, _request, account_id, region, _principal: handler(call.params, account_id, region)
