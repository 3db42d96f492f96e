"""Reserved concurrency, provisioned concurrency and the account's settings."""

from __future__ import annotations

from sandbox import facts
from sandbox.errors import AwsError
from sandbox.functions import refusals
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.concurrency import check_provision, check_reservation
from sandbox.functions.function import LATEST, FunctionVersion
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.locator import Locator, is_alias, locate
from sandbox.functions.moments import seconds
from sandbox.functions.paging import page
from sandbox.functions.provisioned import Allocation, ProvisionedConfig
from sandbox.functions.registry import Registry

_FUNCTIONS_ONLY = (
    "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. "
    "Please specify either a function name or an unqualified function ARN."
)


class ConcurrencyApi:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def operations(self) -> dict[str, Handler]:
        return {
            "PutFunctionConcurrency": self.reserve,
            "GetFunctionConcurrency": self.reserved,
            "DeleteFunctionConcurrency": self.unreserve,
            "PutProvisionedConcurrencyConfig": self.provision,
            "GetProvisionedConcurrencyConfig": self.provisioned,
            "DeleteProvisionedConcurrencyConfig": self.unprovision,
            "ListProvisionedConcurrencyConfigs": self.list,
            "GetAccountSettings": self.settings,
        }

    def reserve(self, params: Params, caller: ApiCaller) -> Result:
        where = locate(params["FunctionName"], None, caller.account_id, caller.region)
        if where.qualifier:
            raise refusals.invalid(_FUNCTIONS_ONLY)
        record = self._registry.find(where)
        if record is None:
            raise refusals.no_function(where.qualified_arn)
        wanted = params["ReservedConcurrentExecutions"]
        check_reservation(self._registry.region(where.account_id, where.region), record, wanted)
        record.reserved = wanted
        return {"ReservedConcurrentExecutions": wanted}

    def reserved(self, params: Params, caller: ApiCaller) -> Result:
        record = self._record(locate(params["FunctionName"], None, caller.account_id, caller.region))
        return {} if record.reserved is None else {"ReservedConcurrentExecutions": record.reserved}

    def unreserve(self, params: Params, caller: ApiCaller) -> Result:
        where = locate(params["FunctionName"], None, caller.account_id, caller.region)
        if where.qualifier:
            raise refusals.invalid(_FUNCTIONS_ONLY)
        self._record(where).reserved = None
        return {}

    def provision(self, params: Params, caller: ApiCaller) -> Result:
        """The answer is always IN_PROGRESS; the next read tells what the pool has made of it."""
        where = locate(params["FunctionName"], params["Qualifier"], caller.account_id, caller.region)
        if where.qualifier == LATEST:
            raise refusals.invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
        record, version = self._target(where)
        wanted = params["ProvisionedConcurrentExecutions"]
        check_provision(self._registry.region(where.account_id, where.region), record, where.qualifier, wanted)
        self._must_not_overlap(record, where.qualifier, version)
        if version.snap_start != "None":
            raise refusals.invalid("Provisioned Concurrency is not supported on functions with SnapStart.")
        config = ProvisionedConfig(wanted, self._registry.clock.now())
        record.provisioned[where.qualifier] = config
        self._announce(record, where.qualifier)
        return _shown(config, Allocation(0, 0))

    def provisioned(self, params: Params, caller: ApiCaller) -> Result:
        where = self._published(params, caller)
        record, _ = self._target(where)
        config = record.provisioned.get(where.qualifier)
        if config is None:
            raise AwsError(
                "ProvisionedConcurrencyConfigNotFoundException",
                "No Provisioned Concurrency Config found for this function",
                404,
                fields={"Type": "User"},
            )
        return _shown(config, self._allocation(config, where))

    def unprovision(self, params: Params, caller: ApiCaller) -> Result:
        where = self._published(params, caller)
        record, _ = self._target(where)
        if record.provisioned.pop(where.qualifier, None) is not None:
            self._announce(record, where.qualifier)
        return {}

    def list(self, params: Params, caller: ApiCaller) -> Result:
        where = locate(params["FunctionName"], None, caller.account_id, caller.region)
        record = self._record(where)
        rows = list(record.provisioned.items())
        served, marker = page(rows, lambda row: row[0], params.get("Marker"), params.get("MaxItems"))
        shown: Result = {"ProvisionedConcurrencyConfigs": [self._row(where, *row) for row in served]}
        return shown | ({"NextMarker": marker} if marker else {})

    def settings(self, _: Params, caller: ApiCaller) -> Result:
        """Per account and region."""
        region = self._registry.region(caller.account_id, caller.region)
        return {
            "AccountLimit": {
                "TotalCodeSize": facts.limit("code_storage_bytes"),
                "CodeSizeUnzipped": facts.limit("unzipped_bytes"),
                "CodeSizeZipped": facts.limit("zip_upload_bytes"),
                "ConcurrentExecutions": facts.default("account_concurrency"),
                "UnreservedConcurrentExecutions": region.unreserved(),
            },
            "AccountUsage": {"TotalCodeSize": region.code_bytes(), "FunctionCount": len(region.functions)},
        }

    def _row(self, where: Locator, qualifier: str, config: ProvisionedConfig) -> Result:
        asked = where._replace(qualifier=qualifier)
        return {"FunctionArn": asked.qualified_arn} | _shown(config, self._allocation(config, asked))

    def _allocation(self, config: ProvisionedConfig, where: Locator) -> Allocation:
        """The pool counts by version; an alias has what its versions have, but never more than it asked for."""
        if self._registry.allocation_of is None:
            return Allocation(config.requested, config.requested)
        record, _ = self._target(where)
        alias = record.aliases.get(where.qualifier)
        versions = [record.version(number) for number in (alias.versions if alias else (where.qualifier,))]
        parts = [self._registry.allocation_of(version) for version in versions if version is not None]
        return Allocation(
            allocated=min(config.requested, sum(part.allocated for part in parts)),
            available=min(config.requested, sum(part.available for part in parts)),
            failure=next((part.failure for part in parts if part.failure), ""),
        )

    def _record(self, where: Locator) -> FunctionRecord:
        record = self._registry.find(where)
        if record is None:
            raise refusals.no_function(where.arn)
        return record

    def _published(self, params: Params, caller: ApiCaller) -> Locator:
        where = locate(params["FunctionName"], params["Qualifier"], caller.account_id, caller.region)
        if where.qualifier == LATEST:
            raise refusals.invalid("The function resource provided must be an alias or a published version.")
        return where

    def _target(self, where: Locator) -> tuple[FunctionRecord, FunctionVersion]:
        record = self._registry.find(where)
        alias = record.aliases.get(where.qualifier) if record else None
        if is_alias(where.qualifier) and alias is None:
            raise refusals.not_found(f"Cannot find alias arn: {where.qualified_arn}")
        version = record.version(alias.version if alias else where.qualifier) if record else None
        if record is None or version is None:
            raise refusals.no_function(where.qualified_arn)
        return record, version

    def _must_not_overlap(self, record: FunctionRecord, qualifier: str, version: FunctionVersion) -> None:
        if is_alias(qualifier):
            if version.version == LATEST:
                raise refusals.invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
            if version.version in record.provisioned:
                raise refusals.conflict(
                    "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"
                )
        elif any(alias.version == qualifier and alias.name in record.provisioned for alias in record.aliases.values()):
            raise refusals.conflict("Version is pointed by a Provisioned Concurrency alias")

    def _announce(self, record: FunctionRecord, qualifier: str) -> None:
        alias = record.aliases.get(qualifier)
        for number in alias.versions if alias else (qualifier,):
            version = record.version(number)
            if version is not None:
                self._registry.announce("provisioned", version)


def _shown(config: ProvisionedConfig, allocation: Allocation) -> Result:
    shown: Result = {
        "RequestedProvisionedConcurrentExecutions": config.requested,
        "AvailableProvisionedConcurrentExecutions": allocation.available,
        "AllocatedProvisionedConcurrentExecutions": allocation.allocated,
        "Status": config.status(allocation),
        "LastModified": seconds(config.modified),
    }
    return shown | ({"StatusReason": allocation.failure} if allocation.failure else {})
