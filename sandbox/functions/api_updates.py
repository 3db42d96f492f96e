"""UpdateFunctionCode and UpdateFunctionConfiguration: what changes ``$LATEST``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.functions import configuration, refusals, rendering, runtimes
from sandbox.functions.api_functions import RoleIsAssumable
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.execution_role import RoleMay, check_configuration
from sandbox.functions.function import LATEST, FunctionVersion
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.locator import locate
from sandbox.functions.package_source import check_request_size, check_storage, check_unzipped, obtain
from sandbox.functions.registry import Registry
from sandbox.functions.versions import publish


class UpdateApi:
    def __init__(self, registry: Registry, role_is_assumable: RoleIsAssumable, role_may: RoleMay) -> None:
        self._registry = registry
        self._role_may = role_may
        self._role_is_assumable = role_is_assumable

    def operations(self) -> dict[str, Handler]:
        return {"UpdateFunctionCode": self.code, "UpdateFunctionConfiguration": self.configuration}

    def code(self, params: Params, caller: ApiCaller) -> Result:
        """With ``DryRun`` everything is checked and the outcome shown, and nothing is kept."""
        configuration.refuse_left_out(params)
        check_request_size("UpdateFunctionCode", params, params.get("ZipFile"))
        if params.get("ImageUri"):
            raise refusals.invalid("Please don't provide ImageUri when updating a function with packageType Zip.")
        record = self._record(params, caller)
        code = obtain(self._registry, caller.account_id, params)
        check_storage(self._registry.region(record.latest.account_id, record.latest.region), code)
        check_unzipped(code, record.latest.layers)
        fields: dict[str, Any] = {"code": code}
        if params.get("Architectures"):
            fields["architectures"] = tuple(params["Architectures"])
        changed = self._changed(record, fields)
        self._registry.verify(changed, record.code_signing_arn)
        if params.get("DryRun"):
            return rendering.configuration(replace(changed, last_update_status="Successful"), record.arn)
        self._keep(record, changed)
        if not params.get("Publish"):
            return rendering.configuration(record.latest, record.arn)
        version = publish(self._registry, record, pending=True)
        return rendering.configuration(version, version.qualified_arn)

    def configuration(self, params: Params, caller: ApiCaller) -> Result:
        configuration.refuse_left_out(params)
        record = self._record(params, caller)
        fields = configuration.changes(params, record.latest, self._registry)
        if params.get("Runtime"):
            fields["runtime"] = runtimes.require(params["Runtime"], self._registry.runtimes, self._registry.clock.now(), "update")
        if "role" in fields and not self._role_is_assumable(fields["role"]):
            raise refusals.invalid("The role defined for the function cannot be assumed by Lambda.")
        changed = configuration.with_snap_start(params, self._changed(record, fields))
        check_unzipped(changed.code, changed.layers)
        check_configuration(changed, self._role_may)
        if changed.layers != record.latest.layers:
            self._registry.verify(changed, record.code_signing_arn)
        if changed.runtime != record.latest.runtime:
            changed = self._unpinned(record, changed)
        self._keep(record, changed)
        return rendering.configuration(record.latest, record.arn)

    def _unpinned(self, record: FunctionRecord, changed: FunctionVersion) -> FunctionVersion:
        """A pinned patch belongs to the runtime the function had."""
        record.runtime_management.pop(LATEST, None)
        return replace(changed, runtime_version_arn="")

    def _record(self, params: Params, caller: ApiCaller) -> FunctionRecord:
        where = locate(params["FunctionName"], None, caller.account_id, caller.region)
        record = self._registry.find(where)
        if record is None:
            raise refusals.no_function(where.arn)
        if params.get("RevisionId") and params["RevisionId"] != record.latest.revision_id:
            raise refusals.stale_revision()
        return record

    def _changed(self, record: FunctionRecord, fields: dict[str, Any]) -> FunctionVersion:
        return replace(
            record.latest,
            revision_id=self._registry.ids.uuid(),
            last_modified=self._registry.clock.now(),
            last_update_status="InProgress",
            generation=record.latest.generation + 1,
            **fields,
        )

    def _keep(self, record: FunctionRecord, changed: FunctionVersion) -> None:
        record.latest = changed
        self._registry.settle_version(changed)
        self._registry.announce("update", changed)
