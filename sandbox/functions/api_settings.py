"""Small settings of a function and its tags: recursion, runtime management, TagResource and its kin."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from sandbox.arn import Arn
from sandbox.functions import refusals, tags
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.function import LATEST
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.locator import Locator, locate
from sandbox.functions.registry import Registry
from sandbox.functions.runtime_management import RuntimeManagement

_QUALIFIED = re.compile(r"function:[^:]+:.+")
_Store = Callable[[dict[str, str]], None]


class SettingsApi:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def operations(self) -> dict[str, Handler]:
        return {
            "PutFunctionRecursionConfig": self.put_recursion,
            "GetFunctionRecursionConfig": self.get_recursion,
            "PutRuntimeManagementConfig": self.put_runtime,
            "GetRuntimeManagementConfig": self.get_runtime,
            "TagResource": self.tag,
            "UntagResource": self.untag,
            "ListTags": self.list_tags,
        }

    def put_recursion(self, params: Params, caller: ApiCaller) -> Result:
        _, record = self._function(params, caller)
        record.recursive_loop = params["RecursiveLoop"]
        return {"RecursiveLoop": record.recursive_loop}

    def get_recursion(self, params: Params, caller: ApiCaller) -> Result:
        return {"RecursiveLoop": self._function(params, caller)[1].recursive_loop}

    def put_runtime(self, params: Params, caller: ApiCaller) -> Result:
        where, record = self._function(params, caller)
        update_on, arn = params["UpdateRuntimeOn"], params.get("RuntimeVersionArn") or ""
        if (update_on == "Manual") != bool(arn):
            needs = "must be" if update_on == "Manual" else "must not be"
            raise refusals.invalid(f"RuntimeVersionArn {needs} specified when UpdateRuntimeOn is {update_on}.")
        record.runtime_management[where.qualifier or LATEST] = RuntimeManagement(update_on, arn)
        version = record.version(where.qualifier or LATEST)
        if version is not None:
            record.store(replace(version, runtime_version_arn=arn))
        return self._runtime(where, record)

    def get_runtime(self, params: Params, caller: ApiCaller) -> Result:
        return self._runtime(*self._function(params, caller))

    def _runtime(self, where: Locator, record: FunctionRecord) -> Result:
        held = record.runtime_management.get(where.qualifier or LATEST, RuntimeManagement())
        shown: Result = {"UpdateRuntimeOn": held.update_on, "FunctionArn": where.qualified_arn}
        return shown | ({"RuntimeVersionArn": held.runtime_version_arn} if held.runtime_version_arn else {})

    def _function(self, params: Params, caller: ApiCaller) -> tuple[Locator, FunctionRecord]:
        where = locate(params["FunctionName"], params.get("Qualifier"), caller.account_id, caller.region)
        record = self._registry.find(where)
        if record is None or (where.qualifier and record.version(where.qualifier) is None):
            raise refusals.no_function(where.arn_as_asked)
        return where, record

    def tag(self, params: Params, caller: ApiCaller) -> Result:
        if not params["Tags"]:
            raise refusals.invalid("An error occurred and the request cannot be processed.")
        held, store = self._tagged(params["Resource"], caller)
        store(tags.checked({**held, **tags.checked(params["Tags"])}))
        return {}

    def untag(self, params: Params, caller: ApiCaller) -> Result:
        if not params["TagKeys"]:
            raise refusals.constraint(None, "tagKeys", "Member must not be null")
        held, store = self._tagged(params["Resource"], caller)
        store({key: value for key, value in held.items() if key not in params["TagKeys"]})
        return {}

    def list_tags(self, params: Params, caller: ApiCaller) -> Result:
        return {"Tags": dict(self._tagged(params["Resource"], caller)[0])}

    def _tagged(self, arn: str, caller: ApiCaller) -> tuple[Mapping[str, str], _Store]:
        """The tags of a function, event source mapping or signing configuration, and how to replace them."""
        parsed = Arn.parse(arn)
        if parsed.resource.startswith("function:"):
            return self._tagged_function(arn, caller)
        region = self._registry.region(parsed.account, parsed.region)
        uuid = parsed.resource.removeprefix("event-source-mapping:")
        if (mapping := region.mappings.get(uuid)) is not None:
            return mapping.tags, lambda new: region.mappings.update({uuid: replace(region.mappings[uuid], tags=new)})
        if (signing := region.signing.get(arn)) is not None:
            return signing.tags, lambda new: region.signing.update({arn: replace(region.signing[arn], tags=new)})
        raise refusals.not_found()

    def _tagged_function(self, arn: str, caller: ApiCaller) -> tuple[Mapping[str, str], _Store]:
        if _QUALIFIED.fullmatch(Arn.parse(arn).resource):
            raise refusals.invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.")
        where = locate(arn, None, caller.account_id, caller.region)
        record = self._registry.find(where)
        if record is None:
            raise refusals.no_function(where.arn)

        def store(new: dict[str, str]) -> None:
            record.tags = new
            record.touch("", self._registry.ids.uuid())

        return record.tags, store
