"""Code signing configurations and their attachment to functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.errors import AwsError
from sandbox.functions import refusals, tags
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.code_signing import CodeSigningConfig
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.locator import locate
from sandbox.functions.moments import millis
from sandbox.functions.paging import page
from sandbox.functions.region import Region
from sandbox.functions.registry import Registry

_ID_DIGITS = 17


class SigningApi:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def operations(self) -> dict[str, Handler]:
        return {
            "CreateCodeSigningConfig": self.create,
            "GetCodeSigningConfig": self.get,
            "UpdateCodeSigningConfig": self.update,
            "DeleteCodeSigningConfig": self.delete,
            "ListCodeSigningConfigs": self.list,
            "ListFunctionsByCodeSigningConfig": self.list_functions,
            "PutFunctionCodeSigningConfig": self.attach,
            "GetFunctionCodeSigningConfig": self.attached,
            "DeleteFunctionCodeSigningConfig": self.detach,
        }

    def create(self, params: Params, caller: ApiCaller) -> Result:
        id_ = f"csc-{self._registry.ids.hex(_ID_DIGITS)}"
        config = CodeSigningConfig(
            id=id_,
            arn=f"arn:aws:lambda:{caller.region}:{caller.account_id}:code-signing-config:{id_}",
            publishers=_publishers(params["AllowedPublishers"]),
            modified=self._registry.clock.now(),
            description=params.get("Description") or "",
            untrusted_artifact=_policy(params) or "Warn",
            tags=tags.checked(params.get("Tags") or {}),
        )
        self._region(caller).signing[config.arn] = config
        return {"CodeSigningConfig": _shown(config)}

    def get(self, params: Params, caller: ApiCaller) -> Result:
        return {"CodeSigningConfig": _shown(self._config(params, caller))}

    def update(self, params: Params, caller: ApiCaller) -> Result:
        config = self._config(params, caller)
        publishers = params.get("AllowedPublishers")
        changed = replace(
            config,
            publishers=_publishers(publishers) if publishers else config.publishers,
            description=config.description if params.get("Description") is None else params["Description"],
            untrusted_artifact=_policy(params) or config.untrusted_artifact,
            modified=self._registry.clock.now(),
        )
        self._region(caller).signing[config.arn] = changed
        return {"CodeSigningConfig": _shown(changed)}

    def delete(self, params: Params, caller: ApiCaller) -> Result:
        config = self._config(params, caller)
        region = self._region(caller)
        if any(record.code_signing_arn == config.arn for record in region.functions.values()):
            raise refusals.conflict(
                f"The code signing configuration {config.arn} is attached to a function and cannot be deleted."
            )
        del region.signing[config.arn]
        return {}

    def list(self, params: Params, caller: ApiCaller) -> Result:
        configs = list(self._region(caller).signing.values())
        served, marker = page(configs, lambda config: config.id, params.get("Marker"), params.get("MaxItems"))
        return {"CodeSigningConfigs": [_shown(each) for each in served]} | ({"NextMarker": marker} if marker else {})

    def list_functions(self, params: Params, caller: ApiCaller) -> Result:
        config = self._config(params, caller)
        arns = [record.arn for record in self._region(caller).functions.values() if record.code_signing_arn == config.arn]
        served, marker = page(arns, lambda arn: arn, params.get("Marker"), params.get("MaxItems"))
        return {"FunctionArns": served} | ({"NextMarker": marker} if marker else {})

    def attach(self, params: Params, caller: ApiCaller) -> Result:
        arn = params["CodeSigningConfigArn"]
        if arn not in self._region(caller).signing:
            raise AwsError(
                "CodeSigningConfigNotFoundException",
                f"The code signing configuration cannot be found. Check that the provided configuration is not deleted: {arn}.",
                404,
                fields={"Type": "User"},
            )
        record = self._function(params, caller)
        record.code_signing_arn = arn
        return {"CodeSigningConfigArn": arn, "FunctionName": record.name}

    def attached(self, params: Params, caller: ApiCaller) -> Result:
        """Empty when nothing is attached."""
        record = self._function(params, caller)
        arn = record.code_signing_arn
        return {"CodeSigningConfigArn": arn, "FunctionName": record.name} if arn else {}

    def detach(self, params: Params, caller: ApiCaller) -> Result:
        self._function(params, caller).code_signing_arn = ""
        return {}

    def _region(self, caller: ApiCaller) -> Region:
        return self._registry.region(caller.account_id, caller.region)

    def _config(self, params: Params, caller: ApiCaller) -> CodeSigningConfig:
        arn = params["CodeSigningConfigArn"]
        config = self._region(caller).signing.get(arn)
        if config is None:
            raise refusals.not_found(f"The Lambda code signing configuration {arn} can not be found.")
        return config

    def _function(self, params: Params, caller: ApiCaller) -> FunctionRecord:
        where = locate(params["FunctionName"], None, caller.account_id, caller.region)
        record = self._registry.find(where)
        if record is None:
            raise refusals.no_function(where.arn)
        return record


def _publishers(given: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(given["SigningProfileVersionArns"])


def _policy(params: Params) -> str:
    return (params.get("CodeSigningPolicies") or {}).get("UntrustedArtifactOnDeployment") or ""


def _shown(config: CodeSigningConfig) -> Result:
    return {
        "CodeSigningConfigId": config.id,
        "CodeSigningConfigArn": config.arn,
        "Description": config.description,
        "AllowedPublishers": {"SigningProfileVersionArns": list(config.publishers)},
        "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": config.untrusted_artifact},
        "LastModified": millis(config.modified),
    }
