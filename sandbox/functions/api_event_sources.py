"""Event source mapping operations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sandbox.functions import execution_role, refusals, tags
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.event_source_kinds import TakesFilter, check_position, kind_of, settings
from sandbox.functions.event_source_mappings import EventSourceMapping
from sandbox.functions.execution_role import RoleMay
from sandbox.functions.function import FunctionVersion
from sandbox.functions.locator import Locator, is_alias, locate
from sandbox.functions.moments import instant
from sandbox.functions.paging import page
from sandbox.functions.region import Region
from sandbox.functions.registry import Registry

CheckSource = Callable[[str, FunctionVersion], None]
"""Raises AwsError where the source is missing, or unfit for the function (its role, its timeout)."""

_PAGE = 100
_NOT_SETTINGS = {"FunctionName", "EventSourceArn", "Enabled", "Tags", "UUID"}


class EventSourceApi:
    def __init__(self, registry: Registry, check_source: CheckSource, role_may: RoleMay, takes_filter: TakesFilter) -> None:
        self._registry = registry
        self._role_may = role_may
        self._check_source = check_source
        self._takes_filter = takes_filter

    def operations(self) -> dict[str, Handler]:
        return {
            "CreateEventSourceMapping": self.create,
            "GetEventSourceMapping": self.get,
            "UpdateEventSourceMapping": self.update,
            "DeleteEventSourceMapping": self.delete,
            "ListEventSourceMappings": self.list,
        }

    def create(self, params: Params, caller: ApiCaller) -> Result:
        arn = params.get("EventSourceArn") or ""
        kind = kind_of(arn, self_managed="SelfManagedEventSource" in params)
        check_position(kind, params, arn)
        where, version = self._function(params["FunctionName"], caller)
        given = {key: value for key, value in params.items() if key not in _NOT_SETTINGS and value is not None}
        wanted = settings(kind, given, {}, self._takes_filter)
        region = self._registry.region(caller.account_id, caller.region)
        self._must_be_new(region, arn, where)
        execution_role.check_source(version, arn, self._role_may)
        self._check_source(arn, version)
        mapping = EventSourceMapping(
            uuid=self._registry.ids.uuid(),
            account_id=caller.account_id,
            region=caller.region,
            function_arn=where.arn_as_asked,
            source_arn=arn,
            modified=self._registry.clock.now(),
            state="Creating",
            reason=kind.reason,
            last_result="No records processed" if kind.stream else "",
            settings=wanted,
            tags=tags.checked(params.get("Tags") or {}),
        )
        self._settle(region, mapping, "Disabled" if params.get("Enabled") is False else "Enabled")
        return _shown(mapping)

    def get(self, params: Params, caller: ApiCaller) -> Result:
        return _shown(self._mapping(params, caller)[1])

    def update(self, params: Params, caller: ApiCaller) -> Result:
        region, mapping = self._mapping(params, caller)
        kind = kind_of(mapping.source_arn, self_managed="SelfManagedEventSource" in mapping.settings)
        given = {key: value for key, value in params.items() if key not in _NOT_SETTINGS and value is not None}
        function_arn = mapping.function_arn
        if params.get("FunctionName"):
            function_arn = self._function(params["FunctionName"], caller)[0].arn_as_asked
        enabled = mapping.enabled if params.get("Enabled") is None else params["Enabled"]
        passing = "Updating" if enabled == mapping.enabled else "Enabling" if enabled else "Disabling"
        changed = replace(
            mapping,
            function_arn=function_arn,
            modified=self._registry.clock.now(),
            state=passing,
            settings=settings(kind, given, mapping.settings, self._takes_filter),
        )
        self._settle(region, changed, "Enabled" if enabled else "Disabled")
        return _shown(changed)

    def delete(self, params: Params, caller: ApiCaller) -> Result:
        region, mapping = self._mapping(params, caller)
        del region.mappings[mapping.uuid]
        gone = replace(mapping, state="Deleting")
        self._registry.announce_mapping(gone)
        return _shown(gone)

    def list(self, params: Params, caller: ApiCaller) -> Result:
        region = self._registry.region(caller.account_id, caller.region)
        mappings = list(region.mappings.values())
        if params.get("EventSourceArn"):
            mappings = [mapping for mapping in mappings if mapping.source_arn == params["EventSourceArn"]]
        if params.get("FunctionName"):
            asked = locate(params["FunctionName"], None, caller.account_id, caller.region).arn_as_asked
            mappings = [each for each in mappings if each.function_arn == asked or each.function_arn.startswith(f"{asked}:")]
        served, marker = page(mappings, lambda mapping: mapping.uuid, params.get("Marker"), params.get("MaxItems"), _PAGE)
        return {"EventSourceMappings": [_shown(each) for each in served]} | ({"NextMarker": marker} if marker else {})

    def _function(self, text: str, caller: ApiCaller) -> tuple[Locator, FunctionVersion]:
        where = locate(text, None, caller.account_id, caller.region)
        if self._registry.find(where) is None:
            raise refusals.invalid("Function does not exist")
        version = self._registry.version_at(where.arn_as_asked)
        if version is None:
            missing = "Cannot find alias arn" if is_alias(where.qualifier) else "Function not found"
            raise refusals.not_found(f"{missing}: {where.qualified_arn}")
        return where, version

    def _mapping(self, params: Params, caller: ApiCaller) -> tuple[Region, EventSourceMapping]:
        region = self._registry.region(caller.account_id, caller.region)
        mapping = region.mappings.get(params["UUID"])
        if mapping is None:
            raise refusals.not_found()
        return region, mapping

    def _must_be_new(self, region: Region, source: str, where: Locator) -> None:
        for other in region.mappings.values():
            if not source or (other.source_arn, other.function_arn) != (source, where.arn_as_asked):
                continue
            tail = f"Please update or delete the existing mapping with UUID {other.uuid}"
            if source.split(":")[2] == "sqs":
                raise refusals.conflict(
                    f'An event source mapping with SQS arn (" {source} ") and function (" {where.name} ") already exists. {tail}'
                )
            raise refusals.conflict(
                f'The event source arn (" {source} ") and function (" {where.name} ") provided mapping already exists. {tail}'
            )

    def _settle(self, region: Region, mapping: EventSourceMapping, state: str) -> None:
        self._registry.put_mapping(region, mapping)

        def settle() -> None:
            if region.mappings.get(mapping.uuid) is mapping:
                self._registry.put_mapping(region, replace(mapping, state=state))

        self._registry.settle_later(settle)


def _shown(mapping: EventSourceMapping) -> Result:
    shown: Result = {
        "UUID": mapping.uuid,
        "EventSourceMappingArn": mapping.arn,
        "FunctionArn": mapping.function_arn,
        "LastModified": instant(mapping.modified),
        "State": mapping.state,
        "StateTransitionReason": mapping.reason,
    }
    if mapping.source_arn:
        shown["EventSourceArn"] = mapping.source_arn
    if mapping.last_result:
        shown["LastProcessingResult"] = mapping.last_result
    return shown | dict(mapping.settings)
