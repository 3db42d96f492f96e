"""REST APIs (API Gateway v1) as they are to be executed: what a stage's deployment held, API keys and usage plans.

moto keeps the parts; a deployment is a snapshot of them, so a change takes effect when it is deployed, as on AWS.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.http_message import HttpResponse

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RestResource:
    resource_id: str
    path: str
    methods: Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class RestDefinition:
    """``policy`` is the API's resource policy, parsed; ``models`` are JSON schemas by name, as text."""

    resources: Mapping[str, RestResource]  # by path
    authorizers: Mapping[str, Row]
    models: Mapping[str, str]
    validators: Mapping[str, Row]
    gateway_responses: Mapping[str, Row]
    binary_types: tuple[str, ...]
    key_source: str
    policy: Row | None


@dataclass(frozen=True, slots=True)
class RestStage:
    name: str
    deployment_id: str
    definition: RestDefinition
    variables: Mapping[str, str]
    method_settings: Mapping[str, Mapping[str, Any]]
    access_log: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RestApi:
    """``current`` is what a deployment made now would hold."""

    account_id: str
    region: str
    api_id: str
    name: str
    disabled: bool
    stages: Mapping[str, RestStage]


@dataclass(frozen=True, slots=True)
class PlanKey:
    """An API key and the usage plan that lets it use a stage."""

    key_id: str
    plan_id: str
    throttle: Mapping[str, Any]
    quota: Mapping[str, Any]
    method_throttle: Mapping[str, Mapping[str, Any]]


class RestApis:
    def __init__(self, services: Services) -> None:
        self._world = services.world
        self._deployed: dict[tuple[str, str], RestDefinition] = {}
        self._stage_before: Any = None
        services.before.setdefault("apigateway", []).append(self._before)
        services.after.setdefault("apigateway", []).append(self._after)

    def clear(self) -> None:
        self._deployed.clear()

    def find(self, api_id: str) -> RestApi | None:
        """The API of that id, in whichever account and Region of this world it lives."""
        if not self._world.known("apigateway"):
            return None
        with self._world.entered():
            for account_id, region, backend in self._backends():
                api = backend.apis.get(api_id)
                if api is not None:
                    stages = dict(self._stages(api))
                    return RestApi(account_id, region, api_id, api.name, bool(api.disableExecuteApiEndpoint), stages)
        return None

    def current(self, account_id: str, region: str, api_id: str) -> RestDefinition:
        """What a deployment made now would hold."""
        with self._world.entered():
            return definition_of(self._world.backend("apigateway", account_id, region).apis[api_id])

    def plan_key(self, account_id: str, region: str, api_id: str, stage: str, value: str) -> PlanKey | None:
        """The plan under which an API key's value may use a stage; None for an unknown, disabled or unplanned key."""
        with self._world.entered():
            backend = self._world.backend("apigateway", account_id, region)
            key = next((row for row in backend.keys.values() if row.value == value and row.enabled is not False), None)
            if key is None:
                return None
            for plan in backend.usage_plans.values():
                if key.id not in backend.usage_plan_keys.get(plan.id, {}):
                    continue
                for row in plan.api_stages:
                    if row.get("apiId") == api_id and row.get("stage") == stage:
                        return PlanKey(key.id, plan.id, dict(plan.throttle), dict(plan.quota), row.get("throttle") or {})
        return None

    def _backends(self) -> Iterator[tuple[str, str, Any]]:
        for account_id, regions in list(dict.items(self._world.backends("apigateway"))):
            for region, backend in list(dict.items(regions)):
                yield account_id, region, backend

    def _stages(self, api: Any) -> Iterator[tuple[str, RestStage]]:
        for name, stage in api.stages.items():
            definition = self._deployed.get((api.id, str(stage.deployment_id)))
            if definition is not None:
                settings = {unquote(key.replace("~1", "/")): row for key, row in stage.method_settings.items()}
                log = stage.access_log_settings or {}
                yield name, RestStage(name, str(stage.deployment_id), definition, stage.variables or {}, settings, log)

    # -- around moto's answers

    def _before(self, call: ParsedCall, account_id: str, region: str) -> None:
        self._stage_before = None
        if call.operation == "CreateDeployment":
            api = self._api(call, account_id, region)
            self._stage_before = api.stages.get(call.params.get("stageName")) if api is not None else None

    def _after(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status >= 300:
            return
        if call.operation == "CreateDeployment":
            self._deploy(call, account_id, region, response)
        elif call.operation == "CreateAuthorizer":
            api = self._api(call, account_id, region)
            made = api.authorizers[json.loads(response.body)["id"]]
            made.identity_validation_expression = call.params.get("identityValidationExpression")  # moto loses it

    def _deploy(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        """moto makes a new stage where AWS points the old one, with its settings, to the new deployment."""
        api = self._api(call, account_id, region)
        deployment_id = str(json.loads(response.body)["id"])
        self._deployed[api.id, deployment_id] = definition_of(api)
        kept, self._stage_before = self._stage_before, None
        if kept is not None:
            kept.deployment_id = deployment_id
            kept.variables = {**kept.variables, **(call.params.get("variables") or {})}
            api.stages[kept.name] = kept

    def _api(self, call: ParsedCall, account_id: str, region: str) -> Any:
        return self._world.backend("apigateway", account_id, region).apis.get(str(call.params.get("restApiId")))


def definition_of(api: Any) -> RestDefinition:
    resources = {}
    for resource in api.resources.values():
        methods = {verb: method.to_json() for verb, method in resource.resource_methods.items()}
        path = resource.get_path()
        resources[path] = RestResource(resource.id, path, json.loads(json.dumps(methods)))
    return RestDefinition(
        resources,
        {key: row.to_json() for key, row in api.authorizers.items()},
        {name: str(model.schema or "{}") for name, model in api.models.items()},
        {key: row.to_dict() for key, row in api.request_validators.items()},
        {kind: row.to_json() for kind, row in api.gateway_responses.items()},
        tuple(str(kind).replace("~1", "/") for kind in api.binaryMediaTypes or ()),
        str(api.api_key_source or "HEADER"),
        _policy(api.policy),
    )


def _policy(text: Any) -> Row | None:
    if not text:
        return None
    for candidate in (text, str(text).replace('\\"', '"')):
        try:
            document = json.loads(candidate)
        except ValueError:
            continue
        if isinstance(document, dict):
            return document
    return None
