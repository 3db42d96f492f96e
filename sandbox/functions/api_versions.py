"""PublishVersion and ListVersionsByFunction."""

from __future__ import annotations

from sandbox.functions import refusals, rendering
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.locator import locate
from sandbox.functions.paging import page
from sandbox.functions.registry import Registry
from sandbox.functions.versions import check_preconditions, publish


class VersionApi:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def operations(self) -> dict[str, Handler]:
        return {"PublishVersion": self.publish, "ListVersionsByFunction": self.list}

    def publish(self, params: Params, caller: ApiCaller) -> Result:
        if params.get("PublishTo"):
            raise refusals.unsupported("PublishTo")
        record = self._record(params, caller)
        check_preconditions(record, params.get("RevisionId"), params.get("CodeSha256"))
        version = publish(self._registry, record, params.get("Description"))
        return rendering.configuration(version, version.qualified_arn)

    def list(self, params: Params, caller: ApiCaller) -> Result:
        record = self._record(params, caller)
        served, marker = page(record.versions(), lambda version: version.version, params.get("Marker"), params.get("MaxItems"))
        shown: Result = {"Versions": [rendering.listed(version, version.qualified_arn) for version in served]}
        return shown | ({"NextMarker": marker} if marker else {})

    def _record(self, params: Params, caller: ApiCaller) -> FunctionRecord:
        where = locate(params["FunctionName"], None, caller.account_id, caller.region)
        record = self._registry.find(where)
        if record is None:
            raise refusals.no_function(where.arn)
        return record
