"""HTTP APIs (API Gateway v2) as they are to be executed: read out of moto, and the deployments moto does not know.

A stage without automatic deployment serves what its deployment held (API Gateway guide, "Stages for HTTP APIs").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest, HttpResponse
from sandbox.iam.principal import Principal

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Definition:
    """Routes, integrations and authorizers at one moment, as API Gateway's JSON."""

    routes: tuple[Row, ...]
    integrations: Mapping[str, Row]
    authorizers: Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class HttpStage:
    """``definition`` is None for a stage nothing was deployed to."""

    name: str
    definition: Definition | None
    variables: Mapping[str, str]
    default_settings: Mapping[str, Any]
    route_settings: Mapping[str, Mapping[str, Any]]
    access_log: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HttpApi:
    account_id: str
    region: str
    api_id: str
    name: str
    cors: Mapping[str, Any]
    disabled: bool
    stages: Mapping[str, HttpStage]


@dataclass(slots=True)
class _Deployment:
    api_id: str
    definition: Definition
    row: Row = field(default_factory=dict)


class HttpApis:
    """``endpoint`` is the account's own address, empty in process; ``ApiEndpoint`` then is AWS's name."""

    def __init__(self, services: Services) -> None:
        self.endpoint = ""
        self._services = services
        self._world = services.world
        self._deployments: dict[str, _Deployment] = {}
        for operation, handler in (
            ("CreateDeployment", self._create_deployment),
            ("GetDeployment", self._get_deployment),
            ("GetDeployments", self._get_deployments),
            ("DeleteDeployment", self._delete_deployment),
            ("UpdateStage", self._update_stage),
            ("GetAuthorizers", self._get_authorizers),
        ):
            services.override("apigatewayv2", operation, handler)
        services.before.setdefault("apigatewayv2", []).append(self._before)
        services.after.setdefault("apigatewayv2", []).append(self._after)

    def clear(self) -> None:
        self._deployments.clear()

    def find(self, api_id: str) -> HttpApi | None:
        """The API of that id, in whichever account and Region of this world it lives."""
        if not self._world.known("apigatewayv2"):
            return None
        with self._world.entered():
            for account_id, regions in list(dict.items(self._world.backends("apigatewayv2"))):
                for region, backend in list(dict.items(regions)):
                    api = backend.apis.get(api_id)
                    if api is not None and api.protocol_type == "HTTP":
                        return self._read(api, account_id, region)
        return None

    def _read(self, api: Any, account_id: str, region: str) -> HttpApi:
        stages = {name: self._stage(api, stage) for name, stage in api.stages.items()}
        cors, disabled = api.cors_configuration or {}, bool(api.disable_execute_api_endpoint)
        return HttpApi(account_id, region, api.api_id, api.name, cors, disabled, stages)

    def _stage(self, api: Any, stage: Any) -> HttpStage:
        deployed = self._deployments.get(str(stage.config.get("deploymentId") or ""))
        definition = _definition(api) if stage.auto_deploy else deployed.definition if deployed else None
        return HttpStage(
            stage.name,
            definition,
            stage.stage_variables or {},
            stage.default_route_settings or {},
            stage.route_settings or {},
            stage.access_log_settings or {},
        )

    # -- what moto lacks

    def _api(self, call: ParsedCall, account_id: str, region: str) -> Any:
        api_id = str(call.params["ApiId"])
        api = self._world.backend("apigatewayv2", account_id, region).apis.get(api_id)
        if api is None:
            raise AwsError("NotFoundException", f"Invalid API identifier specified {account_id}:{api_id}", 404)
        return api

    def _create_deployment(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Row:
        api = self._api(call, account_id, region)
        if not api.routes:
            raise AwsError("BadRequestException", "At least one route is required before deploying the Api.", 400)
        stage_name = call.params.get("StageName")
        if stage_name and stage_name not in api.stages:
            raise AwsError("NotFoundException", f"Unable to find Stage by name {stage_name}", 404)
        deployment_id = self._world.ids.base36(6)
        row = {
            "AutoDeployed": False,
            "CreatedDate": self._world.clock.datetime(),
            "DeploymentId": deployment_id,
            "DeploymentStatus": "DEPLOYED",
            "Description": str(call.params.get("Description") or ""),
        }
        self._deployments[deployment_id] = _Deployment(api.api_id, _definition(api), row)
        if stage_name:
            api.stages[stage_name].config["deploymentId"] = deployment_id
        return row

    def _get_deployment(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Row:
        return self._deployment(call, account_id, region).row

    def _get_deployments(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Row:
        api_id = self._api(call, account_id, region).api_id
        return {"Items": [row.row for row in self._deployments.values() if row.api_id == api_id]}

    def _delete_deployment(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Row:
        del self._deployments[str(self._deployment(call, account_id, region).row["DeploymentId"])]
        return {}

    def _get_authorizers(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Row:
        return {"Items": [_named(row.to_json()) for row in self._api(call, account_id, region).authorizers.values()]}

    def _deployment(self, call: ParsedCall, account_id: str, region: str) -> _Deployment:
        api_id, wanted = self._api(call, account_id, region).api_id, str(call.params["DeploymentId"])
        found = self._deployments.get(wanted)
        if found is None or found.api_id != api_id:
            raise AwsError("NotFoundException", f"Invalid deployment identifier specified {wanted}", 404)
        return found

    def _update_stage(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Row:
        api, params = self._api(call, account_id, region), call.params
        stage = api.stages.get(str(params["StageName"]))
        if stage is None:
            raise AwsError("NotFoundException", f"Unable to find Stage by name {params['StageName']}", 404)
        if params.get("DeploymentId"):
            stage.config["deploymentId"] = self._deployment(call, account_id, region).row["DeploymentId"]
        for member, attribute in _STAGE_ATTRIBUTES.items():
            if member in params:
                value = params[member]
                setattr(stage, attribute, _lower_camel(value) if isinstance(value, dict) else value)
        return {"AutoDeploy": bool(stage.auto_deploy), **{name: value for name, value in params.items() if name != "ApiId"}}

    # -- around moto's answers

    def _before(self, call: ParsedCall, _account_id: str, _region: str) -> None:
        if call.operation == "CreateApi" and call.params.get("ProtocolType") == "WEBSOCKET":
            raise AwsError("BadRequestException", "WebSocket APIs are not supported by this account.", 400)

    def _after(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status >= 300 or not response.body:
            return
        if call.operation == "CreateApi":
            self._quick_create(call, account_id, region, response)
        if self.endpoint and b'"apiEndpoint"' in response.body:
            document = json.loads(response.body)
            for row in document.get("items", [document]):
                if row.get("apiId"):
                    row["apiEndpoint"] = f"{self.endpoint}/execute-api/{row['apiId']}"
            response.body = json.dumps(document).encode()

    def _quick_create(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        """``Target`` makes integration, route and a ``$default`` stage at once (``CreateApi``, "quick create")."""
        target = call.params.get("Target")
        if not target:
            return
        api = self._world.backend("apigatewayv2", account_id, region).apis[json.loads(response.body)["apiId"]]
        kind = "AWS_PROXY" if str(target).startswith("arn:") else "HTTP_PROXY"
        integration = api.create_integration(
            connection_type="INTERNET",
            description="",
            integration_method="POST" if kind == "AWS_PROXY" else "ANY",
            integration_type=kind,
            integration_uri=str(target),
            credentials_arn=call.params.get("CredentialsArn"),
            payload_format_version="2.0" if kind == "AWS_PROXY" else "1.0",
        )
        api.create_route(
            api_key_required=False,
            authorization_scopes=[],
            route_key=str(call.params.get("RouteKey") or "$default"),
            target=f"integrations/{integration.id}",
            authorization_type="NONE",
        )
        api.create_stage({"stageName": "$default", "autoDeploy": True})


_STAGE_ATTRIBUTES = {
    "AccessLogSettings": "access_log_settings",
    "AutoDeploy": "auto_deploy",
    "DefaultRouteSettings": "default_route_settings",
    "Description": "description",
    "RouteSettings": "route_settings",
    "StageVariables": "stage_variables",
}


def _definition(api: Any) -> Definition:
    return Definition(
        tuple(route.to_json() for route in api.routes.values()),
        {key: row.to_json() for key, row in api.integrations.items()},
        {key: row.to_json() for key, row in api.authorizers.items()},
    )


def _lower_camel(value: Any) -> Any:
    """botocore's member names as the service's JSON spells them; keys of a learner's own map stay as they are."""
    if not isinstance(value, dict):
        return value
    return {_spelled(key): _lower_camel(inner) for key, inner in value.items()}


def _spelled(key: str) -> str:
    return key[:1].lower() + key[1:] if key in _MEMBERS else key


_MEMBERS = frozenset(
    {
        "DataTraceEnabled", "DestinationArn", "DetailedMetricsEnabled", "Format", "LoggingLevel", "ThrottlingBurstLimit",
        "ThrottlingRateLimit",
    }
)  # fmt: skip


def _named(row: Row) -> Row:
    """What moto keeps as it travels, under the names of the service model; without what is not set."""
    return {
        key[0].upper() + key[1:]: _named(value) if isinstance(value, dict) else value
        for key, value in row.items()
        if value is not None
    }
