"""EventBridge (user guide, "Using IAM policy conditions in Amazon EventBridge")."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from sandbox.iam.operations.request import Request, ResourceOf, Rules, by_name, everything, given, table
from sandbox.iam.verdict import Check, ContextValue

_SERVICE: Final = "events.amazonaws.com"


def _bus(request: Request, name: str = "") -> str:
    return request.named("event-bus/{}", name or "default")


def _own_bus(request: Request) -> str:
    return _bus(request, request.text("Name", "EventBusName"))


def _rule_of(*names: str) -> ResourceOf:
    """``rule/NAME`` on the default bus, ``rule/BUS/NAME`` on another."""

    def resource_of(request: Request) -> str:
        bus = request.text("EventBusName").rpartition("event-bus/")[2]
        name = request.text(*names)
        return request.arn(f"rule/{name}" if bus in ("", "default") else f"rule/{bus}/{name}")

    return resource_of


_rule = _rule_of("Name")
_targets_of = _rule_of("Rule")


def _put_events(request: Request) -> Iterable[Check]:
    """One check for each different bus, source and detail type among the entries."""
    seen: dict[tuple[str, str, str], Check] = {}
    for entry in request.rows("Entries"):
        bus, source, kind = (str(entry.get(name) or "") for name in ("EventBusName", "Source", "DetailType"))
        if (bus, source, kind) not in seen:
            context: dict[str, ContextValue | None] = {"events:source": source, "events:detail-type": kind}
            seen[bus, source, kind] = request.own(_bus(request, bus), context)
    return list(seen.values()) or [request.own(_bus(request))]


def _pattern_keys(request: Request) -> dict[str, ContextValue | None]:
    """What a rule listens to, as far as its pattern says so with plain strings."""
    try:
        pattern: Any = json.loads(request.text("EventPattern") or "{}")
    except ValueError:
        return {}
    if not isinstance(pattern, dict):
        return {}

    def strings(value: Any) -> list[str]:
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    detail = pattern.get("detail")
    return {
        "events:source": strings(pattern.get("source")),
        "events:detail-type": strings(pattern.get("detail-type")),
        "events:detail.eventTypeCode": strings(detail.get("eventTypeCode")) if isinstance(detail, dict) else None,
    }


def _put_rule(request: Request) -> Iterable[Check]:
    arn = str(_rule(request))
    return [request.own(arn, _pattern_keys(request)), *request.pass_role(request.text("RoleArn"), _SERVICE, arn)]


def _put_targets(request: Request) -> Iterable[Check]:
    arn = str(_targets_of(request))
    targets = request.rows("Targets")
    checks = [request.own(arn, {"events:TargetArn": [str(target.get("Arn") or "") for target in targets]})]
    for role in dict.fromkeys(str(target.get("RoleArn") or "") for target in targets):
        checks += request.pass_role(role, _SERVICE, arn)
    return checks


def _archive(request: Request) -> Iterable[Check]:
    return [
        request.own(request.arn(f"archive/{request.text('ArchiveName')}")),
        request.own(request.text("EventSourceArn") or "*"),
    ]


def _replay(request: Request) -> Iterable[Check]:
    bus = str(request.part("Destination").get("Arn") or "*")
    arns = (request.text("EventSourceArn") or "*", request.arn(f"replay/{request.text('ReplayName')}"), bus)
    return [request.own(arn) for arn in arns]


def _destination(request: Request) -> Iterable[Check]:
    checks = [request.own(request.arn(f"api-destination/{request.text('Name')}"))]
    if request.text("ConnectionArn"):
        checks.append(request.own(request.text("ConnectionArn")))
    return checks


def _endpoint(request: Request) -> Iterable[Check]:
    arn = request.arn(f"endpoint/{request.text('Name')}")
    return [request.own(arn), *request.pass_role(request.text("RoleArn"), _SERVICE, arn)]


def _source(request: Request) -> str:
    return request.arn(f"event-source/{request.text('Name', 'EventSourceName')}", account="")


RULES: Rules = {
    **table(
        {
            _rule: "DeleteRule DescribeRule DisableRule EnableRule",
            _targets_of: "ListTargetsByRule RemoveTargets",
            _own_bus: "CreateEventBus DeleteEventBus DescribeEventBus UpdateEventBus",
            by_name("archive/{}", "ArchiveName"): "DeleteArchive DescribeArchive UpdateArchive",
            by_name("replay/{}", "ReplayName"): "CancelReplay DescribeReplay",
            by_name("connection/{}", "Name"): (
                "CreateConnection DeauthorizeConnection DeleteConnection DescribeConnection UpdateConnection"
            ),
            by_name("api-destination/{}", "Name"): "DeleteApiDestination DescribeApiDestination",
            by_name("endpoint/{}", "Name"): "DeleteEndpoint DescribeEndpoint",
            _source: (
                "ActivateEventSource CreatePartnerEventSource DeactivateEventSource DeletePartnerEventSource DescribeEventSource "
                "DescribePartnerEventSource ListPartnerEventSourceAccounts"
            ),
            given("ResourceARN"): "ListTagsForResource TagResource UntagResource",
            everything: (
                "ListApiDestinations ListArchives ListConnections ListEndpoints ListEventBuses ListEventSources "
                "ListPartnerEventSources ListReplays ListRuleNamesByTarget ListRules PutPartnerEvents PutPermission "
                "RemovePermission TestEventPattern"
            ),
        }
    ),
    "PutEvents": _put_events,
    "PutRule": _put_rule,
    "PutTargets": _put_targets,
    "CreateArchive": _archive,
    "StartReplay": _replay,
    "CreateApiDestination": _destination,
    "UpdateApiDestination": _destination,
    "CreateEndpoint": _endpoint,
    "UpdateEndpoint": _endpoint,
}
