"""AddPermission, RemovePermission, GetPolicy, and the whole-document operations of 2026-07."""

from __future__ import annotations

import json

from sandbox.functions import permissions, refusals
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.function import LATEST
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.locator import Locator, is_alias, locate
from sandbox.functions.registry import Registry
from sandbox.iam.principal import NamedPolicy

_NO_POLICY = "No policy is associated with the given resource."


class PermissionApi:
    """A change of a policy gives the function, version or alias a new revision."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def operations(self) -> dict[str, Handler]:
        return {
            "AddPermission": self.add,
            "RemovePermission": self.remove,
            "GetPolicy": self.get,
            "PutResourcePolicy": self.put_document,
            "GetResourcePolicy": self.get_document,
            "DeleteResourcePolicy": self.delete_document,
        }

    def add(self, params: Params, caller: ApiCaller) -> Result:
        where = locate(params["FunctionName"], params.get("Qualifier"), caller.account_id, caller.region)
        if where.qualifier == LATEST:
            raise refusals.invalid("We currently do not support adding policies for $LATEST.")
        record = self._record(where)
        self._check(record, where, params)
        key = where.qualifier or LATEST
        new = permissions.statement(params, where.arn_as_asked)
        record.policies[key] = permissions.added(record.policies.get(key), new, f"policy of {where.arn_as_asked}")
        record.touch(where.qualifier, self._registry.ids.uuid())
        return {"Statement": json.dumps(new, separators=(",", ":"))}

    def remove(self, params: Params, caller: ApiCaller) -> Result:
        where = locate(params["FunctionName"], params.get("Qualifier"), caller.account_id, caller.region)
        record = self._registry.find(where)
        if record is None:
            raise refusals.not_found(f"No policy found for: {where.arn}")
        self._must_have(record, where)
        key = where.qualifier or LATEST
        policy = record.policies.get(key)
        if policy is None:
            raise refusals.not_found(_NO_POLICY)
        left = permissions.removed(policy, params["StatementId"])
        self._check(record, where, params)
        self._replace(record, where, left)
        return {}

    def get(self, params: Params, caller: ApiCaller) -> Result:
        where = locate(params["FunctionName"], params.get("Qualifier"), caller.account_id, caller.region)
        record = self._record(where)
        policy = record.policies.get(where.qualifier or LATEST)
        if policy is None:
            raise refusals.not_found()
        return {"Policy": permissions.text(policy), "RevisionId": record.revision_of(where.qualifier)}

    def put_document(self, params: Params, caller: ApiCaller) -> Result:
        """Replaces whatever AddPermission had written."""
        where, record = self._resource(params, caller)
        self._check(record, where, params)
        policy = permissions.whole(params["Policy"], f"policy of {where.arn_as_asked}")
        self._replace(record, where, policy)
        return {"Policy": permissions.text(policy), "RevisionId": record.revision_of(where.qualifier)}

    def get_document(self, params: Params, caller: ApiCaller) -> Result:
        where, record = self._resource(params, caller)
        policy = record.policies.get(where.qualifier or LATEST)
        if policy is None:
            raise refusals.not_found(_NO_POLICY)
        return {"Policy": permissions.text(policy), "RevisionId": record.revision_of(where.qualifier)}

    def delete_document(self, params: Params, caller: ApiCaller) -> Result:
        where, record = self._resource(params, caller)
        if record.policies.get(where.qualifier or LATEST) is None:
            raise refusals.not_found(_NO_POLICY)
        self._check(record, where, params)
        self._replace(record, where, None)
        return {}

    def _resource(self, params: Params, caller: ApiCaller) -> tuple[Locator, FunctionRecord]:
        where = locate(params["ResourceArn"], None, caller.account_id, caller.region)
        if where.qualifier == LATEST:
            raise refusals.invalid("We currently do not support adding policies for $LATEST.")
        record = self._record(where)
        self._must_have(record, where)
        return where, record

    def _record(self, where: Locator) -> FunctionRecord:
        record = self._registry.find(where)
        if record is None:
            raise refusals.no_function(where.arn)
        return record

    def _must_have(self, record: FunctionRecord, where: Locator) -> None:
        if where.qualifier and not record.has(where.qualifier):
            missing = "Cannot find alias arn" if is_alias(where.qualifier) else "Function not found"
            raise refusals.not_found(f"{missing}: {where.qualified_arn}")

    def _check(self, record: FunctionRecord, where: Locator, params: Params) -> None:
        self._must_have(record, where)
        revision = params.get("RevisionId")
        if revision and revision != record.revision_of(where.qualifier):
            raise refusals.stale_revision()

    def _replace(self, record: FunctionRecord, where: Locator, policy: NamedPolicy | None) -> None:
        key = where.qualifier or LATEST
        if policy is None:
            record.policies.pop(key, None)
        else:
            record.policies[key] = policy
        record.touch(where.qualifier, self._registry.ids.uuid())
