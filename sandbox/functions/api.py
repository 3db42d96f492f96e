"""The Lambda API but for Invoke: one call in, one result or AwsError out. State only; no I/O and no authorization."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.functions import refusals
from sandbox.functions.api_functions import CodeLocation, FunctionApi, RoleIsAssumable
from sandbox.functions.api_permissions import PermissionApi
from sandbox.functions.api_updates import UpdateApi
from sandbox.functions.api_urls import AddressOf, UrlApi
from sandbox.functions.caller import ApiCaller, Handler, Params, Result
from sandbox.functions.constraints import Check, lambda_constraints
from sandbox.functions.registry import Registry
from sandbox.functions.urls import UrlConfig

__all__ = ["ApiCaller", "LambdaApi"]


def aws_address(config: UrlConfig) -> str:
    return f"https://{config.url_id}.lambda-url.{config.region}.on.aws/"


class LambdaApi:
    """``code_location`` gives the address a version's package can be fetched from, ``address_of`` that of a function URL."""

    def __init__(
        self,
        registry: Registry,
        *,
        role_is_assumable: RoleIsAssumable,
        code_location: CodeLocation,
        address_of: AddressOf = aws_address,
        constraints: Callable[[], Check] = lambda_constraints,
    ) -> None:
        self._registry = registry
        self._constraints = constraints
        parts = (
            FunctionApi(registry, role_is_assumable, code_location),
            UpdateApi(registry, role_is_assumable),
            PermissionApi(registry),
            UrlApi(registry, address_of),
        )
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
        return handler(params, caller)
