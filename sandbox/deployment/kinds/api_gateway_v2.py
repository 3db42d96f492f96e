"""API Gateway HTTP APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.deployment.kind import Api, ResourceError, Steps, Work, kind
from sandbox.deployment.kinds import open_api

_API = (
    "ApiKeySelectionExpression CorsConfiguration CredentialsArn Description DisableExecuteApiEndpoint DisableSchemaValidation "
    "RouteKey RouteSelectionExpression Target Version IpAddressType"
)
_CORS = {"allowOrigins": "AllowOrigins", "allowMethods": "AllowMethods", "allowHeaders": "AllowHeaders", "maxAge": "MaxAge"}
_CORS |= {"exposeHeaders": "ExposeHeaders", "allowCredentials": "AllowCredentials"}


def _api(operation: str, **params: Any) -> Api:
    return Api("apigatewayv2", operation, params)


def _create_api(work: Work) -> Steps:
    body = work.get("Body") or {}
    name = str(work.get("Name") or (body.get("info") or {}).get("title") or "")
    if not name:
        raise ResourceError("Property Name is required unless Body gives a title")
    protocol = str(work.get("ProtocolType") or "HTTP")
    if protocol != "HTTP":
        raise ResourceError(f"ProtocolType {protocol} is not supported by this account")
    tags = {"Tags": work.all_tags()} if work.all_tags() else {}
    answer = yield _api("CreateApi", Name=name, ProtocolType=protocol, **_settings(work, body), **tags)
    work.physical_id = answer["ApiId"]
    work.only(ApiId=work.physical_id, ApiEndpoint=answer["ApiEndpoint"])
    if body:
        yield from _import(work, body)


def _settings(work: Work, body: Mapping[str, Any]) -> dict[str, Any]:
    given = work.pick(*_API.split())
    cors = body.get("x-amazon-apigateway-cors")
    if cors and "CorsConfiguration" not in given:
        given["CorsConfiguration"] = {_CORS.get(name, name): value for name, value in cors.items()}
    return given


def _update_api(work: Work) -> Steps:
    body = work.get("Body") or {}
    yield _api("UpdateApi", ApiId=work.physical_id, **work.pick("Name"), **_settings(work, body))
    if work.changed("Body") and body:
        for listing, removal, identifier in (
            ("GetRoutes", "DeleteRoute", "RouteId"),
            ("GetIntegrations", "DeleteIntegration", "IntegrationId"),
            ("GetAuthorizers", "DeleteAuthorizer", "AuthorizerId"),
        ):
            held = yield _api(listing, ApiId=work.physical_id)
            for row in held["Items"]:
                yield _api(removal, ApiId=work.physical_id, **{identifier: row[identifier]})
        yield from _import(work, body)


def _import(work: Work, body: Mapping[str, Any]) -> Steps:
    api, by_scheme = work.physical_id, dict[str, tuple[str, str]]()
    for name, scheme in open_api.authorizers(body).items():
        by_scheme[name] = yield from _import_authorizer(api, name, scheme)
    for endpoint in open_api.endpoints(body):
        row = endpoint.integration
        given = {
            "IntegrationType": str(row.get("type", "aws_proxy")).upper(),
            "IntegrationUri": row.get("uri"),
            "IntegrationMethod": row.get("httpMethod"),
            "PayloadFormatVersion": row.get("payloadFormatVersion"),
            "TimeoutInMillis": row.get("timeoutInMillis"),
            "CredentialsArn": row.get("credentials"),
        }
        made = yield _api("CreateIntegration", ApiId=api, **{name: value for name, value in given.items() if value is not None})
        default = endpoint.path.strip("/") == "$default"
        route: dict[str, Any] = {"RouteKey": "$default" if default else f"{endpoint.method} {endpoint.path}"}
        if endpoint.security in by_scheme:
            kind_, authorizer = by_scheme[endpoint.security]
            route |= {"AuthorizationType": kind_, "AuthorizerId": authorizer}
            route |= {"AuthorizationScopes": endpoint.scopes} if endpoint.scopes else {}
        elif endpoint.security:
            route["AuthorizationType"] = "AWS_IAM"
        yield _api("CreateRoute", ApiId=api, Target=f"integrations/{made['IntegrationId']}", **route)


def _import_authorizer(api: str, name: str, scheme: Mapping[str, Any]) -> Steps:
    row = scheme["x-amazon-apigateway-authorizer"]
    source = row.get("identitySource") or "$request.header.Authorization"
    sources = source if isinstance(source, list) else [one.strip() for one in str(source).split(",")]
    if row.get("type") == "jwt":
        jwt = {"Issuer": row["jwtConfiguration"]["issuer"], "Audience": row["jwtConfiguration"].get("audience") or []}
        given: dict[str, Any] = {"AuthorizerType": "JWT", "JwtConfiguration": jwt}
    else:
        given = {
            "AuthorizerType": "REQUEST",
            "AuthorizerUri": row["authorizerUri"],
            "AuthorizerPayloadFormatVersion": row.get("authorizerPayloadFormatVersion", "1.0"),
            "AuthorizerResultTtlInSeconds": row.get("authorizerResultTtlInSeconds", 0),
            "EnableSimpleResponses": row.get("enableSimpleResponses", False),
        }
        if row.get("authorizerCredentials"):
            given["AuthorizerCredentialsArn"] = row["authorizerCredentials"]
    made = yield _api("CreateAuthorizer", ApiId=api, Name=name, IdentitySource=sources, **given)
    return ("JWT" if row.get("type") == "jwt" else "CUSTOM", str(made["AuthorizerId"]))


def _delete_api(work: Work) -> Steps:
    yield _api("DeleteApi", ApiId=work.physical_id)


_INTEGRATION = (
    "ConnectionType Description IntegrationMethod IntegrationSubtype IntegrationUri PayloadFormatVersion RequestParameters "
    "ResponseParameters TimeoutInMillis CredentialsArn TlsConfig PassthroughBehavior"
)


def _create_integration(work: Work) -> Steps:
    answer = yield _api("CreateIntegration", **work.pick("ApiId", "IntegrationType", *_INTEGRATION.split()))
    work.physical_id = answer["IntegrationId"]
    work.only(IntegrationId=work.physical_id)


def _update_integration(work: Work) -> Steps:
    given = work.pick("ApiId", "IntegrationType", *_INTEGRATION.split())
    yield _api("UpdateIntegration", IntegrationId=work.physical_id, **given)


def _delete_integration(work: Work) -> Steps:
    yield _api("DeleteIntegration", **work.pick("ApiId"), IntegrationId=work.physical_id)


_ROUTE = "AuthorizationScopes AuthorizationType AuthorizerId OperationName Target RequestParameters ApiKeyRequired"


def _create_route(work: Work) -> Steps:
    answer = yield _api("CreateRoute", **work.pick("ApiId", "RouteKey", *_ROUTE.split()))
    work.physical_id = answer["RouteId"]
    work.only(RouteId=work.physical_id)


def _update_route(work: Work) -> Steps:
    yield _api("UpdateRoute", RouteId=work.physical_id, **work.pick("ApiId", "RouteKey", *_ROUTE.split()))


def _delete_route(work: Work) -> Steps:
    yield _api("DeleteRoute", **work.pick("ApiId"), RouteId=work.physical_id)


_STAGE = "AccessLogSettings AutoDeploy DefaultRouteSettings DeploymentId Description RouteSettings StageVariables"


def _create_stage(work: Work) -> Steps:
    tags = {"Tags": work.all_tags()} if work.all_tags() else {}
    yield _api("CreateStage", **work.pick("ApiId", "StageName", *_STAGE.split()), **tags)
    work.physical_id = str(work.properties["StageName"])


def _update_stage(work: Work) -> Steps:
    yield _api("UpdateStage", **work.pick("ApiId", "StageName", *_STAGE.split()))


def _delete_stage(work: Work) -> Steps:
    yield _api("DeleteStage", **work.pick("ApiId", "StageName"))


_AUTHORIZER = (
    "AuthorizerCredentialsArn AuthorizerPayloadFormatVersion AuthorizerResultTtlInSeconds AuthorizerType AuthorizerUri "
    "EnableSimpleResponses IdentitySource IdentityValidationExpression JwtConfiguration"
)


def _create_authorizer(work: Work) -> Steps:
    answer = yield _api("CreateAuthorizer", **work.pick("ApiId", "Name", *_AUTHORIZER.split()))
    work.physical_id = answer["AuthorizerId"]
    work.only(AuthorizerId=work.physical_id)


def _delete_authorizer(work: Work) -> Steps:
    yield _api("DeleteAuthorizer", **work.pick("ApiId"), AuthorizerId=work.physical_id)


def _create_deployment(work: Work) -> Steps:
    answer = yield _api("CreateDeployment", **work.pick("ApiId", "Description", "StageName"))
    work.physical_id = answer["DeploymentId"]
    work.only(DeploymentId=work.physical_id)


def _delete_deployment(work: Work) -> Steps:
    yield _api("DeleteDeployment", **work.pick("ApiId"), DeploymentId=work.physical_id)


kind("AWS::ApiGatewayV2::Api", _create_api, _delete_api, _update_api, props=f"Name Body {_API} Tags", fixed="ProtocolType")
kind(
    "AWS::ApiGatewayV2::Integration", _create_integration, _delete_integration, _update_integration,
    props=f"{_INTEGRATION} IntegrationType", required="ApiId IntegrationType", fixed="ApiId",
)  # fmt: skip
kind(
    "AWS::ApiGatewayV2::Route",
    _create_route,
    _delete_route,
    _update_route,
    props=_ROUTE,
    required="ApiId RouteKey",
    fixed="ApiId",
)
kind(
    "AWS::ApiGatewayV2::Stage", _create_stage, _delete_stage, _update_stage,
    props=f"{_STAGE} Tags", required="ApiId StageName", fixed="ApiId StageName",
)  # fmt: skip
kind("AWS::ApiGatewayV2::Authorizer", _create_authorizer, _delete_authorizer, props=_AUTHORIZER, required="ApiId Name")
kind("AWS::ApiGatewayV2::Deployment", _create_deployment, _delete_deployment, props="Description StageName", required="ApiId")
