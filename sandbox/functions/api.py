"""The Lambda API but for Invoke: one call in, one result or AwsError out. State only; no I/O and no authorization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.functions import refusals
from sandbox.functions.api_aliases import AliasApi
from sandbox.functions.api_concurrency import ConcurrencyApi
from sandbox.functions.api_event_invoke import EventInvokeApi
from sandbox.functions.api_event_sources import CheckSource, EventSourceApi
from sandbox.functions.api_functions import CodeLocation, FunctionApi, RoleIsAssumable
from sandbox.functions.api_layers import LayerApi, LayerLocation
from sandbox.functions.api_permissions import PermissionApi
from sandbox.functions.api_settings import SettingsApi
from sandbox.functions.api_signing import SigningApi
from sandbox.functions.api_updates import UpdateApi
from sandbox.functions.api_urls import AddressOf, UrlApi
from sandbox.functions.api_versions import VersionApi
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.constraints import Check, lambda_constraints
from sandbox.functions.event_source_kinds import TakesFilter
from sandbox.functions.execution_role import RoleMay, anything
from sandbox.functions.function import FunctionVersion
from sandbox.functions.layers import LayerVersion
from sandbox.functions.registry import Registry
from sandbox.functions.sealed_variables import MayDecrypt, anybody, hide_variables
from sandbox.functions.urls import UrlConfig

__all__ = ["ApiCaller", "LambdaApi"]


def aws_address(config: UrlConfig) -> str:
    return f"https://{config.url_id}.lambda-url.{config.region}.on.aws/"


def any_source(arn: str, version: FunctionVersion) -> None:
    """Takes every event source as it is."""


def any_filter(pattern: dict[str, Any]) -> bool:
    """Takes every filter that is an object."""
    return isinstance(pattern, dict)


def no_address(version: LayerVersion) -> str:
    return f"about:blank#{version.arn}"


class LambdaApi:
    """``code_location`` and ``layer_location`` give addresses a package can be fetched from, ``address_of`` a function URL's.

    ``role_may`` answers for a role's own policies; ``check_source`` may refuse a source that is missing or unfit.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        role_is_assumable: RoleIsAssumable,
        code_location: CodeLocation,
        layer_location: LayerLocation = no_address,
        address_of: AddressOf = aws_address,
        check_source: CheckSource = any_source,
        role_may: RoleMay = anything,
        takes_filter: TakesFilter = any_filter,
        constraints: Callable[[], Check] = lambda_constraints,
    ) -> None:
        self._registry = registry
        self._constraints = constraints
        parts = (
            FunctionApi(registry, role_is_assumable, role_may, code_location),
            UpdateApi(registry, role_is_assumable, role_may),
            VersionApi(registry),
            AliasApi(registry),
            LayerApi(registry, layer_location),
            PermissionApi(registry),
            UrlApi(registry, address_of),
            ConcurrencyApi(registry),
            EventInvokeApi(registry, role_may),
            EventSourceApi(registry, check_source, role_may, takes_filter),
            SettingsApi(registry),
            SigningApi(registry),
        )
        self.may_decrypt: MayDecrypt = anybody
        self._handlers: dict[str, Handler] = {}
        for part in parts:
            self._handlers.update(part.operations())

    @property
    def operations(self) -> frozenset[str]:
        """What ``handle`` answers; every other operation of the model is refused by name."""
        return frozenset(self._handlers)

    def handle(self, operation: str, params: Params, caller: ApiCaller) -> Result:
        """``params`` and the result have the members of the botocore shapes; raises AwsError in AWS's words."""
        handler = self._handlers.get(operation)
        if handler is None:
            raise refusals.unsupported(f"The Lambda operation {operation}")
        self._registry.settle()
        self._constraints().check(operation, params)
        return hide_variables(handler(params, caller), caller, self.may_decrypt)
