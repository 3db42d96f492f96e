"""FunctionUrlConfig operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sandbox.functions import refusals
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.function import LATEST
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.locator import Locator, locate
from sandbox.functions.moments import micros
from sandbox.functions.paging import page
from sandbox.functions.registry import Registry
from sandbox.functions.urls import UrlConfig

AddressOf = Callable[[UrlConfig], str]
_URL_ID_CHARS = 32


class UrlApi:
    """``address_of`` writes the URL: AWS's host name in the browser, a loopback path natively."""

    def __init__(self, registry: Registry, address_of: AddressOf) -> None:
        self._registry = registry
        self._address_of = address_of

    def operations(self) -> dict[str, Handler]:
        return {
            "CreateFunctionUrlConfig": self.create,
            "GetFunctionUrlConfig": self.get,
            "UpdateFunctionUrlConfig": self.update,
            "DeleteFunctionUrlConfig": self.delete,
            "ListFunctionUrlConfigs": self.list,
        }

    def create(self, params: Params, caller: ApiCaller) -> Result:
        where = self._where(params, caller)
        record = self._owner(where)
        key = where.qualifier or LATEST
        if key in record.urls:
            raise refusals.conflict(
                f"Failed to create function url config for [functionArn = {where.arn_as_asked}]. "
                "Error message:  FunctionUrlConfig exists for this Lambda function"
            )
        now = self._registry.clock.now()
        config = UrlConfig(
            url_id=self._registry.ids.base36(_URL_ID_CHARS),
            account_id=where.account_id,
            region=where.region,
            function=where.name,
            qualifier=where.qualifier,
            auth_type=params["AuthType"],
            created=now,
            modified=now,
            invoke_mode=params.get("InvokeMode") or "",
            cors=_cors(params.get("Cors")),
        )
        record.urls[key] = config
        self._registry.put_url(config)
        return {key: value for key, value in self._shown(config).items() if key != "LastModifiedTime"}

    def get(self, params: Params, caller: ApiCaller) -> Result:
        return self._read(self._stored(self._where(params, caller))[1])

    def update(self, params: Params, caller: ApiCaller) -> Result:
        """Cors is replaced as a whole; an empty one removes it."""
        where = self._where(params, caller)
        self._owner(where)
        record, config = self._stored(where)
        changed = replace(
            config,
            auth_type=params.get("AuthType") or config.auth_type,
            invoke_mode=params.get("InvokeMode") or config.invoke_mode,
            cors=_cors(params["Cors"]) if params.get("Cors") is not None else config.cors,
            modified=self._registry.clock.now(),
        )
        record.urls[where.qualifier or LATEST] = changed
        self._registry.put_url(changed)
        return self._shown(changed)

    def delete(self, params: Params, caller: ApiCaller) -> Result:
        where = self._where(params, caller)
        record, config = self._stored(where)
        del record.urls[where.qualifier or LATEST]
        self._registry.drop_url(config)
        return {}

    def list(self, params: Params, caller: ApiCaller) -> Result:
        record = self._owner(self._where(params, caller)._replace(qualifier=""))
        configs = list(record.urls.values())
        served, marker = page(configs, lambda config: config.function_arn, params.get("Marker"), params.get("MaxItems"))
        shown: Result = {"FunctionUrlConfigs": [self._read(config) for config in served]}
        return shown | ({"NextMarker": marker} if marker else {})

    def _where(self, params: Params, caller: ApiCaller) -> Locator:
        """That only an alias may qualify a URL is in the model's own patterns, of the name and of the qualifier."""
        return locate(params["FunctionName"], params.get("Qualifier"), caller.account_id, caller.region)

    def _owner(self, where: Locator) -> FunctionRecord:
        record = self._registry.find(where)
        if record is None or (where.qualifier and where.qualifier not in record.aliases):
            raise refusals.not_found("Function does not exist")
        return record

    def _stored(self, where: Locator) -> tuple[FunctionRecord, UrlConfig]:
        record = self._registry.find(where)
        config = record.urls.get(where.qualifier or LATEST) if record else None
        if record is None or config is None:
            raise refusals.not_found()
        return record, config

    def _read(self, config: UrlConfig) -> Result:
        """Reads fill in the default mode that writes leave out (recorded: test_url_config_lifecycle)."""
        return {"InvokeMode": "BUFFERED"} | self._shown(config)

    def _shown(self, config: UrlConfig) -> Result:
        shown: Result = {
            "FunctionUrl": self._address_of(config),
            "FunctionArn": config.function_arn,
            "AuthType": config.auth_type,
            "CreationTime": micros(config.created),
            "LastModifiedTime": micros(config.modified),
        }
        if config.cors is not None:
            shown["Cors"] = dict(config.cors)
        if config.invoke_mode:
            shown["InvokeMode"] = config.invoke_mode
        return shown


def _cors(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Limits (origins, methods, headers, age) are the model's own constraints and have been checked; facts A-05."""
    return dict(given) if given else None
