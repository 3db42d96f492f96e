"""FunctionEventInvokeConfig operations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.functions import refusals
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.event_invoke import EventInvokeConfig
from sandbox.functions.execution_role import RoleMay, check_destination
from sandbox.functions.function import LATEST
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.locator import Locator, locate
from sandbox.functions.moments import instant
from sandbox.functions.paging import page
from sandbox.functions.registry import Registry

_FUNCTION = re.compile(r"arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:([a-zA-Z0-9-_]+)(?::.+)?")
_TARGETS = ("sqs", "sns", "lambda", "events")


class EventInvokeApi:
    def __init__(self, registry: Registry, role_may: RoleMay) -> None:
        self._registry = registry
        self._role_may = role_may

    def operations(self) -> dict[str, Handler]:
        return {
            "PutFunctionEventInvokeConfig": self.put,
            "UpdateFunctionEventInvokeConfig": self.update,
            "GetFunctionEventInvokeConfig": self.get,
            "DeleteFunctionEventInvokeConfig": self.delete,
            "ListFunctionEventInvokeConfigs": self.list,
        }

    def put(self, params: Params, caller: ApiCaller) -> Result:
        """Replaces what was there: members left out fall back to AWS's defaults."""
        where, record = self._target(params, caller)
        success, failure = self._destinations(params.get("DestinationConfig") or {}, where)
        config = EventInvokeConfig(
            modified=self._registry.clock.now(),
            maximum_retry_attempts=params.get("MaximumRetryAttempts"),
            maximum_event_age_s=params.get("MaximumEventAgeInSeconds"),
            on_success=success,
            on_failure=failure,
        )
        record.event_invoke[where.qualifier or LATEST] = config
        return _shown(config, where)

    def update(self, params: Params, caller: ApiCaller) -> Result:
        """Changes only what is given."""
        where, record = self._target(params, caller)
        before = self._stored(where, record)
        success, failure = before.on_success, before.on_failure
        if params.get("DestinationConfig") is not None:
            success, failure = self._destinations(params["DestinationConfig"], where)
        retries, age = params.get("MaximumRetryAttempts"), params.get("MaximumEventAgeInSeconds")
        config = EventInvokeConfig(
            modified=self._registry.clock.now(),
            maximum_retry_attempts=before.maximum_retry_attempts if retries is None else retries,
            maximum_event_age_s=before.maximum_event_age_s if age is None else age,
            on_success=success,
            on_failure=failure,
        )
        record.event_invoke[where.qualifier or LATEST] = config
        return _shown(config, where)

    def get(self, params: Params, caller: ApiCaller) -> Result:
        where = locate(params["FunctionName"], params.get("Qualifier"), caller.account_id, caller.region)
        return _shown(self._stored(where, self._registry.find(where)), where)

    def delete(self, params: Params, caller: ApiCaller) -> Result:
        where = locate(params["FunctionName"], params.get("Qualifier"), caller.account_id, caller.region)
        record = self._registry.find(where)
        self._stored(where, record)
        if record is not None:
            del record.event_invoke[where.qualifier or LATEST]
        return {}

    def list(self, params: Params, caller: ApiCaller) -> Result:
        where = locate(params["FunctionName"], None, caller.account_id, caller.region)
        record = self._registry.find(where)
        if record is None:
            raise refusals.not_found("The function doesn't exist.")
        rows = list(record.event_invoke.items())
        served, marker = page(rows, lambda row: row[0], params.get("Marker"), params.get("MaxItems"))
        shown: Result = {"FunctionEventInvokeConfigs": [_shown(config, where._replace(qualifier=key)) for key, config in served]}
        return shown | ({"NextMarker": marker} if marker else {})

    def _target(self, params: Params, caller: ApiCaller) -> tuple[Locator, FunctionRecord]:
        if all(
            params.get(member) is None for member in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
        ):
            raise refusals.invalid("You must specify at least one of error handling or destination setting.")
        where = locate(params["FunctionName"], params.get("Qualifier"), caller.account_id, caller.region)
        record = self._registry.find(where)
        if record is None or (where.qualifier and not record.has(where.qualifier)):
            raise refusals.not_found("The function doesn't exist.")
        return where, record

    def _stored(self, where: Locator, record: FunctionRecord | None) -> EventInvokeConfig:
        config = record.event_invoke.get(where.qualifier or LATEST) if record else None
        if config is None:
            raise refusals.not_found(f"The function {where.qualified_arn} doesn't have an EventInvokeConfig")
        return config

    def _destinations(self, given: Mapping[str, Any], where: Locator) -> tuple[str, str]:
        success = (given.get("OnSuccess") or {}).get("Destination") or ""
        failure = (given.get("OnFailure") or {}).get("Destination") or ""
        if not (_fits(success, _TARGETS) and _fits(failure, (*_TARGETS, "s3"))):  # S3 takes failures only
            on_success = f"OnSuccess(destination={success})" if success else "null"
            on_failure = f"OnFailure(destination={failure})" if failure else "null"
            raise refusals.invalid(
                f"The provided destination config DestinationConfig(onSuccess={on_success}, onFailure={on_failure}) is invalid."
            )
        for arn in (success, failure):
            self._check_function(arn, where)
            version = self._registry.version_at(where.arn_as_asked)
            if arn and version is not None:
                check_destination(version, arn, self._role_may)
        return success, failure

    def _check_function(self, arn: str, where: Locator) -> None:
        match = _FUNCTION.fullmatch(arn)
        if match is None:
            return
        if self._registry.version_at(arn) is None:
            raise refusals.invalid(f"The destination ARN {arn} is invalid.")
        if match[1] == where.name:
            raise refusals.invalid("You can't specify the function as a destination for itself.")


def _shown(config: EventInvokeConfig, where: Locator) -> Result:
    """The ARN always carries a qualifier, ``$LATEST`` included."""
    shown: Result = {
        "LastModified": instant(config.modified),
        "FunctionArn": where.qualified_arn,
        "DestinationConfig": {
            "OnSuccess": {"Destination": config.on_success} if config.on_success else {},
            "OnFailure": {"Destination": config.on_failure} if config.on_failure else {},
        },
    }
    if config.maximum_retry_attempts is not None:
        shown["MaximumRetryAttempts"] = config.maximum_retry_attempts
    if config.maximum_event_age_s is not None:
        shown["MaximumEventAgeInSeconds"] = config.maximum_event_age_s
    return shown


def _fits(arn: str, services: tuple[str, ...]) -> bool:
    return not arn or (arn.startswith("arn:") and arn.split(":", 5)[2] in services)
