"""CreateFunction, GetFunction(Configuration), ListFunctions and DeleteFunction."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import replace

from sandbox import facts
from sandbox.functions import configuration, refusals, rendering, runtimes, tags
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.execution_role import RoleMay, check_configuration
from sandbox.functions.function import LATEST, Code, FunctionVersion
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.locator import Locator, is_alias, locate, malformed, read
from sandbox.functions.package_source import check_request_size, check_storage, check_unzipped, obtain
from sandbox.functions.paging import page
from sandbox.functions.registry import Registry
from sandbox.functions.versions import publish

RoleIsAssumable = Callable[[str], bool]
CodeLocation = Callable[[FunctionVersion], str]


class FunctionApi:
    def __init__(
        self, registry: Registry, role_is_assumable: RoleIsAssumable, role_may: RoleMay, code_location: CodeLocation
    ) -> None:
        self._registry = registry
        self._role_is_assumable = role_is_assumable
        self._role_may = role_may
        self._code_location = code_location

    def operations(self) -> dict[str, Handler]:
        return {
            "CreateFunction": self.create,
            "GetFunction": self.get,
            "GetFunctionConfiguration": self.get_configuration,
            "ListFunctions": self.list,
            "DeleteFunction": self.delete,
        }

    def create(self, params: Params, caller: ApiCaller) -> Result:
        configuration.refuse_left_out(params)
        source = params["Code"]
        check_request_size("CreateFunction", params, source.get("ZipFile"))
        where = self._new_name(params["FunctionName"], caller)
        if not params.get("Runtime") or not params.get("Handler"):
            raise refusals.invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
        now = self._registry.clock.now()
        runtimes.require(params["Runtime"], self._registry.runtimes, now, "create")
        given_tags = tags.checked(params.get("Tags") or {})
        if not self._role_is_assumable(params["Role"]):
            raise refusals.invalid("The role defined for the function cannot be assumed by Lambda.")
        region = self._registry.region(where.account_id, where.region)
        if where.name in region.functions:
            raise refusals.conflict(f"Function already exist: {where.name}")
        code = obtain(self._registry, caller.account_id, source)
        check_storage(region, code)
        record = FunctionRecord(latest=self._first(where, params, code, now), tags=given_tags)
        check_configuration(record.latest, self._role_may)
        record.code_signing_arn = self._signing(params.get("CodeSigningConfigArn") or "", region.signing)
        self._registry.verify(record.latest, record.code_signing_arn)
        region.functions[where.name] = record
        self._registry.settle_version(record.latest)
        self._registry.announce("create", record.latest)
        shown = publish(self._registry, record, pending=True) if params.get("Publish") else record.latest
        return rendering.configuration(shown, record.arn, update_status=False)

    def _new_name(self, text: str, caller: ApiCaller) -> Locator:
        """A name, ``account:function:name`` or an unqualified ARN; the bare name has at most 64 characters."""
        written, most = read(text), facts.limit("function_name_chars")
        if len(written.name) > most:
            raise refusals.invalid(
                f"1 validation error detected: Value '{written.name}' at 'functionName' failed to satisfy constraint: "
                f"Member must have length less than or equal to {most}"
            )
        where = locate(text, None, caller.account_id, caller.region)
        if where.qualifier:
            raise malformed(text)
        if where.account_id != caller.account_id:
            raise refusals.access_denied()
        return where

    def _first(self, where: Locator, params: Params, code: Code, now: float) -> FunctionVersion:
        blank = FunctionVersion(
            account_id=where.account_id,
            region=where.region,
            name=where.name,
            version=LATEST,
            runtime=params["Runtime"],
            role=params["Role"],
            handler=params["Handler"],
            code=code,
            revision_id=self._registry.ids.uuid(),
            last_modified=now,
            timeout_s=facts.default("timeout_s"),
            memory_mb=facts.default("memory_mb"),
            tmp_mb=facts.default("tmp_mb"),
            architectures=tuple(params.get("Architectures") or ("x86_64",)),
            state="Pending",
            generation=1,
        )
        version = replace(blank, **configuration.changes(params, blank, self._registry))
        check_unzipped(code, version.layers)
        return configuration.with_snap_start(params, version)

    def _signing(self, arn: str, known: Container[str]) -> str:
        if arn and arn not in known:
            raise refusals.invalid(f"The code signing configuration {arn} cannot be found.")
        return arn

    def get(self, params: Params, caller: ApiCaller) -> Result:
        record, version, arn = self._asked(params, caller)
        shown: Result = {
            "Configuration": rendering.configuration(version, arn),
            "Code": {"RepositoryType": "S3", "Location": self._code_location(version)},
        }
        if record.tags:
            shown["Tags"] = dict(record.tags)
        if record.reserved is not None:
            shown["Concurrency"] = {"ReservedConcurrentExecutions": record.reserved}
        return shown

    def get_configuration(self, params: Params, caller: ApiCaller) -> Result:
        _, version, arn = self._asked(params, caller)
        return rendering.configuration(version, arn)

    def _asked(self, params: Params, caller: ApiCaller) -> tuple[FunctionRecord, FunctionVersion, str]:
        """The version behind FunctionName and Qualifier, and the ARN as it was asked for (an alias keeps its name in it)."""
        where = locate(params["FunctionName"], params.get("Qualifier"), caller.account_id, caller.region)
        record = self._registry.find(where)
        if record is None:
            raise refusals.no_function(where.arn_as_asked)
        alias = record.aliases.get(where.qualifier)
        version = record.version(alias.version if alias else where.qualifier or LATEST)
        if version is None:
            raise refusals.no_function(where.arn_as_asked)
        return record, version, where.arn_as_asked

    def list(self, params: Params, caller: ApiCaller) -> Result:
        region = self._registry.region(caller.account_id, caller.region)
        records = region.functions.values()
        every = params.get("FunctionVersion") == "ALL"
        versions = [version for record in records for version in (record.versions() if every else [record.latest])]
        served, marker = page(versions, lambda version: version.qualified_arn, params.get("Marker"), params.get("MaxItems"))
        shown: Result = {
            "Functions": [rendering.listed(version, version.qualified_arn if every else version.arn) for version in served]
        }
        return shown | ({"NextMarker": marker} if marker else {})

    def delete(self, params: Params, caller: ApiCaller) -> Result:
        where = locate(params["FunctionName"], params.get("Qualifier"), caller.account_id, caller.region)
        if where.qualifier == LATEST:
            raise refusals.invalid("$LATEST version cannot be deleted without deleting the function.")
        record = self._registry.find(where)
        if record is None:
            raise refusals.no_function(where.arn)
        if where.qualifier:
            self._delete_version(record, where.qualifier)
            return {"StatusCode": 204}
        for config in record.urls.values():
            self._registry.drop_url(config)
        del self._registry.region(where.account_id, where.region).functions[where.name]
        for version in record.versions():
            self._registry.announce("delete", version)
        return {"StatusCode": 204}

    def _delete_version(self, record: FunctionRecord, qualifier: str) -> None:
        """A version that is not there is deleted all the same, as AWS answers 204; one an alias needs is not."""
        if is_alias(qualifier):
            raise refusals.invalid("Deletion of an alias is done with DeleteAlias; DeleteFunction takes a version.")
        users = [alias.name for alias in record.aliases.values() if qualifier in alias.versions]
        if users:
            raise refusals.conflict(f"Unable to delete version because the following aliases reference it: [{', '.join(users)}]")
        version = record.published.pop(qualifier, None)
        if version is None:
            return
        for held in (record.policies, record.event_invoke, record.provisioned, record.runtime_management):
            held.pop(qualifier, None)
        self._registry.announce("delete", version)
