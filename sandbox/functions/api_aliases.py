"""Alias operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.functions import refusals
from sandbox.functions.aliases import Alias
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.function import LATEST
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.locator import Locator, locate
from sandbox.functions.paging import page
from sandbox.functions.registry import Registry


class AliasApi:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def operations(self) -> dict[str, Handler]:
        return {
            "CreateAlias": self.create,
            "GetAlias": self.get,
            "UpdateAlias": self.update,
            "DeleteAlias": self.delete,
            "ListAliases": self.list,
        }

    def create(self, params: Params, caller: ApiCaller) -> Result:
        name, version = params["Name"], params["FunctionVersion"]
        where, record = self._function(params, caller, f":{version}")
        self._must_exist(record, version)
        if name in record.aliases:
            raise refusals.conflict(f"Alias already exists: {where.arn}:{name}")
        alias = Alias(
            name=name,
            version=version,
            revision_id=self._registry.ids.uuid(),
            description=params.get("Description") or "",
            weights=self._weights(record, version, params.get("RoutingConfig")),
        )
        record.aliases[name] = alias
        return _shown(alias, where)

    def get(self, params: Params, caller: ApiCaller) -> Result:
        where, record = self._function(params, caller)
        return _shown(self._alias(where, record, params["Name"]), where)

    def update(self, params: Params, caller: ApiCaller) -> Result:
        """RoutingConfig is replaced as a whole, an empty one ends the split. Every update makes a new revision."""
        where, record = self._function(params, caller)
        alias = self._alias(where, record, params["Name"])
        if params.get("RevisionId") and params["RevisionId"] != alias.revision_id:
            raise refusals.stale_revision()
        version = params.get("FunctionVersion") or alias.version
        self._must_exist(record, version)
        routing = params.get("RoutingConfig")
        given = {"AdditionalVersionWeights": alias.weights} if routing is None else routing
        changed = replace(
            alias,
            version=version,
            description=alias.description if params.get("Description") is None else params["Description"],
            weights=self._weights(record, version, given),
            revision_id=self._registry.ids.uuid(),
        )
        record.aliases[alias.name] = changed
        if alias.name in record.provisioned:
            self._announce_provisioned(record, {*alias.versions, *changed.versions})
        return _shown(changed, where)

    def delete(self, params: Params, caller: ApiCaller) -> Result:
        """Answers 204 for an alias that is not there, too; what hung on the alias goes with it."""
        _, record = self._function(params, caller)
        alias = record.aliases.pop(params["Name"], None)
        if alias is None:
            return {}
        url = record.urls.pop(alias.name, None)
        if url is not None:
            self._registry.drop_url(url)
        record.policies.pop(alias.name, None)
        record.event_invoke.pop(alias.name, None)
        if record.provisioned.pop(alias.name, None) is not None:
            self._announce_provisioned(record, set(alias.versions))
        return {}

    def list(self, params: Params, caller: ApiCaller) -> Result:
        where, record = self._function(params, caller)
        wanted = params.get("FunctionVersion")
        aliases = [alias for alias in record.aliases.values() if wanted is None or wanted in alias.versions]
        served, marker = page(aliases, lambda alias: alias.name, params.get("Marker"), params.get("MaxItems"))
        shown: Result = {"Aliases": [_shown(alias, where) for alias in served]}
        return shown | ({"NextMarker": marker} if marker else {})

    def _function(self, params: Params, caller: ApiCaller, asked: str = "") -> tuple[Locator, FunctionRecord]:
        where = locate(params["FunctionName"], None, caller.account_id, caller.region)
        record = self._registry.find(where)
        if record is None:
            raise refusals.no_function(where.arn + asked)
        return where, record

    def _alias(self, where: Locator, record: FunctionRecord, name: str) -> Alias:
        alias = record.aliases.get(name)
        if alias is None:
            raise refusals.not_found(f"Cannot find alias arn: {where.arn}:{name}")
        return alias

    def _must_exist(self, record: FunctionRecord, version: str) -> None:
        if record.version(version) is None:
            raise refusals.no_function(f"{record.arn}:{version}")

    def _weights(self, record: FunctionRecord, version: str, routing: Mapping[str, Any] | None) -> dict[str, float]:
        """At most one more version, published, with the same role and dead-letter queue (developer guide, "Lambda aliases")."""
        weights = {str(key): float(weight) for key, weight in ((routing or {}).get("AdditionalVersionWeights") or {}).items()}
        if len(weights) > 1:
            raise refusals.invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
        for other in weights:
            if version == LATEST:
                raise refusals.invalid("$LATEST is not supported for an alias pointing to more than 1 version")
            if other == version:
                raise refusals.invalid(
                    f"Invalid function version {version}. "
                    f"Function version {version} is already included in routing configuration."
                )
            self._must_exist(record, other)
            self._must_agree(record, version, other)
        return weights

    def _must_agree(self, record: FunctionRecord, version: str, other: str) -> None:
        one, two = record.version(version), record.version(other)
        if one is None or two is None:
            raise KeyError(other)
        for field, what in (("role", "execution role"), ("dead_letter_arn", "dead-letter queue configuration")):
            if getattr(one, field) != getattr(two, field):
                raise refusals.invalid(f"Versions {version} and {other} of an alias must have the same {what}.")

    def _announce_provisioned(self, record: FunctionRecord, numbers: set[str]) -> None:
        for number in sorted(numbers):
            version = record.version(number)
            if version is not None:
                self._registry.announce("provisioned", version)


def _shown(alias: Alias, where: Locator) -> Result:
    shown: Result = {
        "AliasArn": f"{where.arn}:{alias.name}",
        "Name": alias.name,
        "FunctionVersion": alias.version,
        "Description": alias.description,
        "RevisionId": alias.revision_id,
    }
    return shown | ({"RoutingConfig": {"AdditionalVersionWeights": dict(alias.weights)}} if alias.weights else {})
