"""CloudTrail's LookupEvents over the account's recorded calls. Trails themselves are moto's: stored, they deliver nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal
from sandbox.telemetry.audit_trail import DAYS, event_of, is_management
from sandbox.telemetry.calls import CallLog

Result = dict[str, Any]
_PAGE = 50  # LookupEvents API reference, MaxResults
_GLOBAL_REGION = "us-east-1"
_GLOBAL = ("iam", "sts", "organizations", "cloudfront", "route53")
_FIELDS = ("EventId", "EventName", "ReadOnly", "Username", "EventSource")
_Test = Callable[[Result], bool]


def lookup(calls: CallLog, params: dict[str, Any], account_id: str, region: str, now: float) -> Result:
    """Newest first, at most one attribute, as the API has it. Calls of global services are in us-east-1's history."""
    test = _attribute(params.get("LookupAttributes", []))
    start = _epoch(params["StartTime"]) if "StartTime" in params else now - DAYS * 86_400
    end = _epoch(params["EndTime"]) if "EndTime" in params else now
    if start > end:
        raise AwsError("InvalidTimeRangeException", "StartTime must be before EndTime.")
    size, token = int(params.get("MaxResults") or _PAGE), str(params.get("NextToken") or "0")
    if not 1 <= size <= _PAGE:
        raise AwsError("InvalidMaxResultsException", f"MaxResults must be from 1 to {_PAGE}.")
    if not token.isdigit():
        raise AwsError("InvalidNextTokenException", "The NextToken is not valid.")
    records = [
        record
        for record in calls
        if record.account_id == account_id
        and (region == (_GLOBAL_REGION if record.service in _GLOBAL else record.region))
        and start <= record.at_ms / 1000 < end + 1  # event times are whole seconds
        and is_management(record)
    ]
    found = [event for record in reversed(records) if test(event := event_of(record))]
    first = int(token)
    more = {"NextToken": str(first + size)} if first + size < len(found) else {}
    return {"Events": found[first : first + size], **more}


def _attribute(attributes: list[dict[str, str]]) -> _Test:
    if len(attributes) > 1:
        raise AwsError("InvalidLookupAttributesException", "You can specify only one lookup attribute.")
    if not attributes:
        return lambda _: True
    key, value = attributes[0].get("AttributeKey", ""), attributes[0].get("AttributeValue", "")
    if key in _FIELDS:
        return lambda event: event[key] == value
    if key in ("ResourceName", "ResourceType"):
        return lambda event: any(_is_resource(row, key, value) for row in event["Resources"])
    raise AwsError("InvalidLookupAttributesException", f"This account cannot look events up by {key}.")


def _is_resource(row: dict[str, str], key: str, value: str) -> bool:
    return row[key] == value or (key == "ResourceName" and row[key].rsplit(":", 1)[-1].rsplit("/", 1)[-1] == value)


def _epoch(value: Any) -> float:
    if isinstance(value, int | float):
        return float(value)
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def install(services: Services, calls: CallLog) -> None:
    def lookup_events(
        call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Result:
        return lookup(calls, call.params, account_id, region, services.world.clock.now())

    services.override("cloudtrail", "LookupEvents", lookup_events)
