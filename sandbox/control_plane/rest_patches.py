"""Patch operations on parts of a REST API that moto cannot change: methods, integrations and their responses, models.

API Gateway API reference, "Patch operations": a path names a member, or an entry of a map with ``/`` written as ``~1``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal

_METHOD = {
    "apiKeyRequired": "api_key_required",
    "authorizationType": "authorization_type",
    "authorizerId": "authorizer_id",
    "operationName": "operation_name",
    "requestModels": "request_models",
    "requestParameters": "request_parameters",
    "requestValidatorId": "request_validator_id",
}
_INTEGRATION = {
    "contentHandling": "content_handling",
    "credentials": "credentials",
    "httpMethod": "http_method",
    "passthroughBehavior": "passthrough_behaviour",
    "requestParameters": "request_parameters",
    "requestTemplates": "request_templates",
    "timeoutInMillis": "timeout_in_millis",
    "type": "integration_type",
    "uri": "uri",
}
_ANSWER = {
    "contentHandling": "content_handling",
    "responseParameters": "response_parameters",
    "responseTemplates": "response_templates",
    "selectionPattern": "selection_pattern",
}
_MODEL = {"description": "description", "schema": "schema"}
_TRUTHS = ("api_key_required",)
_NUMBERS = ("timeout_in_millis",)


class RestPatches:
    def __init__(self, services: Services) -> None:
        self._world = services.world
        found: tuple[tuple[str, Callable[[Any, Mapping[str, Any]], Any], Mapping[str, str]], ...] = (
            ("UpdateMethod", _method, _METHOD),
            ("UpdateIntegration", _integration, _INTEGRATION),
            ("UpdateIntegrationResponse", _answer, _ANSWER),
            ("UpdateModel", _model, _MODEL),
        )
        for operation, find, members in found:
            services.override("apigateway", operation, self._handler(find, members))

    def _handler(self, find: Callable[[Any, Mapping[str, Any]], Any], members: Mapping[str, str]) -> Any:
        def handle(
            call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
        ) -> dict[str, Any]:
            params = call.params
            api = self._world.backend("apigateway", account_id, region).apis.get(str(params["restApiId"]))
            if api is None:
                raise AwsError("NotFoundException", "Invalid API identifier specified", 404)
            part = find(api, params)
            if part is None:
                raise AwsError("NotFoundException", "Invalid identifier specified", 404)
            for patch in params.get("patchOperations") or ():
                _apply(part, patch, members)
            return {name: value for name, value in part.to_json().items() if value is not None}

        return handle


def _method(api: Any, params: Mapping[str, Any]) -> Any:
    resource = api.resources.get(str(params["resourceId"]))
    return resource.resource_methods.get(str(params["httpMethod"])) if resource is not None else None


def _integration(api: Any, params: Mapping[str, Any]) -> Any:
    method = _method(api, params)
    return method.method_integration if method is not None else None


def _answer(api: Any, params: Mapping[str, Any]) -> Any:
    integration = _integration(api, params)
    return (integration.integration_responses or {}).get(str(params["statusCode"])) if integration is not None else None


def _model(api: Any, params: Mapping[str, Any]) -> Any:
    return api.models.get(str(params["modelName"]))


def _apply(part: Any, patch: Mapping[str, Any], members: Mapping[str, str]) -> None:
    operation, path = str(patch.get("op")), str(patch.get("path") or "")
    name, _, key = path.removeprefix("/").partition("/")
    attribute = members.get(name)
    if attribute is None or operation not in ("add", "replace", "remove"):
        raise AwsError("BadRequestException", f"Invalid patch path {path}", 400)
    value = None if operation == "remove" else patch.get("value")
    if not key:
        setattr(part, attribute, _typed(attribute, value))
        return
    entries = dict(getattr(part, attribute) or {})
    entry = key.replace("~1", "/").replace("~0", "~")
    if operation == "remove":
        entries.pop(entry, None)
    else:
        entries[entry] = _truth(value) if attribute == "request_parameters" and str(value) in ("true", "false") else value
    setattr(part, attribute, entries)


def _typed(attribute: str, value: Any) -> Any:
    if attribute in _TRUTHS:
        return _truth(value)
    return int(value) if attribute in _NUMBERS and value is not None else value


def _truth(value: Any) -> bool:
    return str(value).lower() == "true"
