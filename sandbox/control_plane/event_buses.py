"""EventBridge's buses: PutEvents, TestEventPattern, archives and replays answered here, everything else of rules kept by moto.

Refusals in EventBridge's words (localstack/localstack tests/aws/services/events/test_events.snapshot.json; that of DeleteEventBus
in hashicorp/terraform-provider-aws, issue 22131).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox import facts
from sandbox.arn import Arn
from sandbox.control_plane.bus_state import MotoBuses
from sandbox.control_plane.event_checks import check_rule, check_targets, pattern_of
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest, HttpResponse
from sandbox.iam.principal import Principal
from sandbox.triggers.event_pattern import matches
from sandbox.triggers.event_replay import Replay, Replays, between
from sandbox.triggers.eventbridge import EventBridge
from sandbox.triggers.scheduled_rules import ScheduledRules

_EVENT_FIELDS = ("id", "account", "source", "time", "region", "detail-type")
_RULES_CHANGE = ("PutRule", "DeleteRule", "EnableRule", "DisableRule", "DeleteEventBus")
_NEEDED = {"Source": "Source", "DetailType": "DetailType", "Detail": "Detail"}


class EventBuses:
    def __init__(
        self, services: Services, state: MotoBuses, bridge: EventBridge, schedules: ScheduledRules, replays: Replays
    ) -> None:
        self._services = services
        self._state = state
        self._bridge = bridge
        self._schedules = schedules
        self._replays = replays
        services.override("events", "PutEvents", self._put_events)
        services.override("events", "TestEventPattern", self._test_pattern)
        services.before.setdefault("events", []).append(self._before)
        services.after.setdefault("events", []).append(self._after)
        services.after.setdefault("cloudformation", []).append(self._after_deployment)

    # -- events

    def _put_events(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, principal: Principal | None
    ) -> dict[str, Any]:
        entries = call.params["Entries"]
        _check_size(entries)
        rows = [self._put(entry, account_id, region, principal) for entry in entries]
        return {"FailedEntryCount": sum("ErrorCode" in row for row in rows), "Entries": rows}

    def _put(self, entry: Mapping[str, Any], account_id: str, region: str, principal: Principal | None) -> dict[str, str]:
        refusal = _refusal(entry)
        if refusal:
            return refusal
        in_hand = self._services.in_hand
        cause = in_hand.cause if in_hand else 0
        name = str(entry.get("EventBusName") or "default")
        owner, where, bus = account_id, region, name
        if name.startswith("arn:"):
            arn = Arn.parse(name)
            owner, where, bus = arn.account, arn.region, arn.resource.removeprefix("event-bus/")
        event = self._bridge.forwarded(str(entry.get("TraceHeader") or ""))
        if event is None:
            event = self._bridge.new_event(
                principal.account_id if principal is not None and principal.kind != "service" else account_id,
                region,
                str(entry["Source"]),
                str(entry["DetailType"]),
                json.loads(entry["Detail"]),
                [str(each) for each in entry.get("Resources") or ()],
                at=_moment(entry.get("Time")),
            )
        self._bridge.put(owner, where, bus, event, cause)
        return {"EventId": str(event["id"])}

    def _test_pattern(
        self, call: ParsedCall, _request: HttpRequest, _account: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        pattern = pattern_of(str(call.params["EventPattern"]))
        try:
            event = json.loads(call.params["Event"])
        except ValueError:
            event = None
        if not isinstance(event, dict) or any(name not in event for name in _EVENT_FIELDS):
            raise AwsError("ValidationException", "Parameter Event is not valid.")
        return {"Result": matches(pattern, event)}

    # -- rules

    def _before(self, call: ParsedCall, account_id: str, region: str) -> None:
        if call.operation == "PutRule":
            check_rule(call.params)
        elif call.operation == "PutTargets":
            bus = str(call.params.get("EventBusName") or "default").rsplit("/", 1)[-1]
            rules = self._state.rules(account_id, region, bus) or ()
            there = [target for rule in rules if rule.name == call.params["Rule"] for target in rule.targets]
            check_targets(call.params.get("Targets") or (), there)
        elif call.operation == "DeleteEventBus":
            if self._state.rules(account_id, region, str(call.params["Name"]).rsplit("/", 1)[-1]):
                raise AwsError("ValidationException", "EventBus can't be deleted since it has rules.")
        elif call.operation in ("CreateArchive", "UpdateArchive") and call.params.get("EventPattern"):
            pattern_of(str(call.params["EventPattern"]))

    def _after(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status >= 300:
            return
        if call.operation in _RULES_CHANGE:
            self._schedules.refresh()
        elif call.operation == "StartReplay":
            self._start_replay(str(call.params["ReplayName"]), account_id, region)

    def _after_deployment(self, call: ParsedCall, _account_id: str, _region: str, response: HttpResponse) -> None:
        """Templates make rules without a call of EventBridge's."""
        if response.status < 300 and not call.operation.startswith(("Describe", "List", "Get", "Validate")):
            self._schedules.refresh()

    def _start_replay(self, name: str, account_id: str, region: str) -> None:
        stored = self._state.replay(account_id, region, name)
        archive = self._state.archive_at(stored.source_arn)
        in_hand = self._services.in_hand
        events = between(archive.events, _moment(stored.event_start_time) or 0.0, _moment(stored.event_end_time) or 0.0)
        replay = Replay(
            name=name,
            account_id=account_id,
            region=region,
            bus=str(stored.destination["Arn"]).rsplit("/", 1)[-1],
            rules=frozenset(stored.destination.get("FilterArns") or ()),
            events=events,
        )

        def told(state: str, _last: float | None) -> None:
            self._state.set_replay(stored, state)

        self._replays.start(replay, told, in_hand.cause if in_hand else 0)


def _refusal(entry: Mapping[str, Any]) -> dict[str, str]:
    for name in _NEEDED:
        if not entry.get(name):
            message = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": message}
    try:
        detail = json.loads(entry["Detail"])
    except ValueError:
        detail = None
    return {} if isinstance(detail, dict) else {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}


def _check_size(entries: list[Mapping[str, Any]]) -> None:
    most = facts.limit("put_events_entries")
    if len(entries) > most:
        shown = ", ".join(_shown(entry) for entry in entries)
        message = f"1 validation error detected: Value '[{shown}]' at 'entries' failed to satisfy constraint: "
        raise AwsError("ValidationException", f"{message}Member must have length less than or equal to {most}")
    size = sum(len(str(entry.get(name) or "").encode()) for entry in entries for name in ("Detail", "DetailType", "Source"))
    if size > facts.limit("put_events_bytes"):
        raise AwsError("ValidationException", "Total size of the entries in the request is over the limit.")


def _shown(entry: Mapping[str, Any]) -> str:
    names = ("Time", "Source", "Resources", "DetailType", "Detail", "EventBusName", "TraceHeader", "KmsKeyIdentifier")
    members = [f"{name[0].lower()}{name[1:]}={entry.get(name, 'null')}" for name in names]
    return f"PutEventsRequestEntry({', '.join(members)}, internalMetadata=null)"


def _moment(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.timestamp()
    try:
        return float(value)
    except ValueError:
        return datetime.fromisoformat(str(value)).timestamp()
