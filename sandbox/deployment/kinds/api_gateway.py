"""API Gateway REST APIs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sandbox.deployment.kind import Api, ResourceError, Steps, Work, kind
from sandbox.deployment.kinds import open_api
from sandbox.deployment.kinds.open_api import Endpoint
from sandbox.errors import AwsError

_API = "Description EndpointConfiguration BinaryMediaTypes MinimumCompressionSize ApiKeySourceType DisableExecuteApiEndpoint"
_STAGE = "Description CacheClusterEnabled CacheClusterSize Variables DocumentationVersion CanarySetting TracingEnabled"


def _api(operation: str, **params: Any) -> Api:
    return Api("apigateway", operation, params)


def _create_rest(work: Work) -> Steps:
    body = work.get("Body") or {}
    name = str(work.get("Name") or (body.get("info") or {}).get("title") or "")
    if not name:
        raise ResourceError("Property Name is required unless Body gives a title")
    given = work.pick(*_API.split())
    media = body.get("x-amazon-apigateway-binary-media-types")
    if media and "BinaryMediaTypes" not in given:
        given["BinaryMediaTypes"] = media
    policy = work.get("Policy") or body.get("x-amazon-apigateway-policy")
    if policy:
        given["Policy"] = policy if isinstance(policy, str) else json.dumps(policy)
    tags = {"tags": work.all_tags()} if work.all_tags() else {}
    answer = yield _api("CreateRestApi", name=name, **given, **tags)
    work.physical_id = answer["id"]
    listed = yield _api("GetResources", restApiId=work.physical_id)
    root = next(row["id"] for row in listed["items"] if row["path"] == "/")
    work.only(RestApiId=work.physical_id, RootResourceId=root)
    if body:
        yield from _import(work, body, {"/": root})


def _update_rest(work: Work) -> Steps:
    patches = []
    if work.changed("Name") and work.get("Name"):
        patches.append({"op": "replace", "path": "/name", "value": str(work.properties["Name"])})
    if work.changed("Description"):
        patches.append({"op": "replace", "path": "/description", "value": str(work.get("Description", ""))})
    if patches:
        yield _api("UpdateRestApi", restApiId=work.physical_id, patchOperations=patches)
    if work.changed("Body") and work.get("Body"):
        listed = yield _api("GetResources", restApiId=work.physical_id)
        root = work.attributes["RootResourceId"]
        for row in sorted(listed["items"], key=lambda row: -row["path"].count("/")):  # children before their parents
            if row["id"] != root:
                yield _api("DeleteResource", restApiId=work.physical_id, resourceId=row["id"])
                continue
            for method in row.get("resourceMethods") or ():
                yield _api("DeleteMethod", restApiId=work.physical_id, resourceId=root, httpMethod=method)
        held = yield _api("GetAuthorizers", restApiId=work.physical_id)
        for row in held.get("items") or ():
            yield _api("DeleteAuthorizer", restApiId=work.physical_id, authorizerId=row["id"])
        yield from _import(work, work.properties["Body"], {"/": root})


def _import(work: Work, body: Mapping[str, Any], resources: dict[str, str]) -> Steps:
    """The document as resources, methods and integrations."""
    rest, by_scheme = work.physical_id, dict[str, str]()
    for name, scheme in open_api.authorizers(body).items():
        by_scheme[name] = yield from _import_authorizer(rest, name, scheme)
    for endpoint in open_api.endpoints(body):
        parent = "/"
        for part in [part for part in endpoint.path.split("/") if part]:
            path = f"{parent.rstrip('/')}/{part}"
            if path not in resources:
                made = yield _api("CreateResource", restApiId=rest, parentId=resources[parent], pathPart=part)
                resources[path] = made["id"]
            parent = path
        scheme = open_api.schemes(body).get(endpoint.security) or {}
        yield from _import_method(rest, resources[parent], endpoint, scheme, by_scheme.get(endpoint.security, ""))
    for kind_, row in (body.get("x-amazon-apigateway-gateway-responses") or {}).items():
        given = {name: row[name] for name in ("statusCode", "responseParameters", "responseTemplates") if name in row}
        yield _api("PutGatewayResponse", restApiId=rest, responseType=kind_, **given)


def _import_authorizer(rest: str, name: str, scheme: Mapping[str, Any]) -> Steps:
    row = scheme["x-amazon-apigateway-authorizer"]
    kind_ = str(row.get("type", "token")).upper()
    source = row.get("identitySource") or f"method.request.header.{scheme.get('name', 'Authorization')}"
    given: dict[str, Any] = {"name": name, "type": kind_, "identitySource": source}
    if kind_ == "COGNITO_USER_POOLS":
        given["providerARNs"] = row["providerARNs"]
    else:
        spelled = {"authorizerUri": "authorizerUri", "authorizerCredentials": "authorizerCredentials"}
        spelled |= {
            "authorizerResultTtlInSeconds": "authorizerResultTtlInSeconds",
            "identityValidationExpression": "identityValidationExpression",
        }
        given |= {name: row[name] for name in spelled if name in row}
    made = yield _api("CreateAuthorizer", restApiId=rest, **given)
    return str(made["id"])


def _import_method(rest: str, resource: str, endpoint: Endpoint, scheme: Mapping[str, Any], authorizer: str) -> Steps:
    where = {"restApiId": rest, "resourceId": resource, "httpMethod": endpoint.method}
    kind_ = "NONE"
    if scheme.get("x-amazon-apigateway-authtype") == "awsSigv4":
        kind_ = "AWS_IAM"
    elif authorizer:
        kind_ = "COGNITO_USER_POOLS" if "cognito" in str(scheme.get("x-amazon-apigateway-authtype", "")).lower() else "CUSTOM"
    given: dict[str, Any] = {"authorizationType": kind_, "apiKeyRequired": endpoint.api_key}
    if authorizer:
        given["authorizerId"] = authorizer
    if endpoint.scopes:
        given["authorizationScopes"] = endpoint.scopes
    yield _api("PutMethod", **where, **given)
    for code, row in (endpoint.document.get("responses") or {}).items():
        headers = {f"method.response.header.{name}": False for name in (row or {}).get("headers") or ()}
        yield _api("PutMethodResponse", **where, statusCode=str(code), **({"responseParameters": headers} if headers else {}))
    if endpoint.integration:
        yield from _put_integration(where, endpoint.integration)


def _put_integration(where: Mapping[str, str], row: Mapping[str, Any]) -> Steps:
    names = (
        "uri credentials requestParameters requestTemplates passthroughBehavior contentHandling timeoutInMillis cacheNamespace"
    )
    given = {name: row[name] for name in names.split() if name in row}
    given["type"] = str(row["type"]).upper()
    if row.get("httpMethod"):
        given["integrationHttpMethod"] = str(row["httpMethod"]).upper()
    if given.get("passthroughBehavior"):
        given["passthroughBehavior"] = str(given["passthroughBehavior"]).upper()
    yield _api("PutIntegration", **where, **given)
    for pattern, answer in (row.get("responses") or {}).items():
        more = {name: answer[name] for name in ("responseParameters", "responseTemplates", "contentHandling") if name in answer}
        if pattern != "default":
            more["selectionPattern"] = pattern
        yield _api("PutIntegrationResponse", **where, statusCode=str(answer["statusCode"]), **more)


def _delete_rest(work: Work) -> Steps:
    yield _api("DeleteRestApi", restApiId=work.physical_id)


def _create_resource(work: Work) -> Steps:
    answer = yield _api("CreateResource", **work.pick("RestApiId", "ParentId", "PathPart"))
    work.physical_id = answer["id"]
    work.only(ResourceId=work.physical_id)


def _delete_resource(work: Work) -> Steps:
    yield _api("DeleteResource", **work.pick("RestApiId"), resourceId=work.physical_id)


def _put_method(work: Work) -> Steps:
    where = work.pick("RestApiId", "ResourceId", "HttpMethod")
    if work.physical_id:
        yield _api("DeleteMethod", **where)
    names = "AuthorizationType AuthorizerId AuthorizationScopes ApiKeyRequired OperationName RequestModels RequestParameters"
    given = {"AuthorizationType": "NONE", **work.pick(*names.split(), "RequestValidatorId")}
    yield _api("PutMethod", **where, **given)
    for row in work.get("MethodResponses") or ():
        yield _api("PutMethodResponse", **where, **row)
    integration = dict(work.get("Integration") or {})
    answers = integration.pop("IntegrationResponses", None) or []
    if integration:
        integration["httpMethod"] = work.properties["HttpMethod"]
        wanted = work.get("Integration", {}).get("IntegrationHttpMethod")
        integration.pop("IntegrationHttpMethod", None)
        extra = {"integrationHttpMethod": wanted} if wanted else {}
        yield _api("PutIntegration", **{**where, **integration, **extra, "HttpMethod": None})
    for row in answers:
        yield _api("PutIntegrationResponse", **where, **row)
    work.physical_id = f"{work.stack_name}-{work.logical_id}"


def _delete_method(work: Work) -> Steps:
    yield _api("DeleteMethod", **work.pick("RestApiId", "ResourceId", "HttpMethod"))


def _create_deployment(work: Work) -> Steps:
    answer = yield _api("CreateDeployment", **work.pick("RestApiId", "Description", "StageName"))
    work.physical_id = answer["id"]
    work.only(DeploymentId=work.physical_id)


def _delete_deployment(work: Work) -> Steps:
    """The stage that the deployment made for itself goes first."""
    if work.get("StageName"):
        with suppress(AwsError):
            yield _api("DeleteStage", **work.pick("RestApiId", "StageName"))
    yield _api("DeleteDeployment", **work.pick("RestApiId"), deploymentId=work.physical_id)


def _create_stage(work: Work) -> Steps:
    name = str(work.get("StageName") or "default")
    given = work.pick("RestApiId", "DeploymentId", *_STAGE.split())
    tags = {"tags": work.all_tags()} if work.all_tags() else {}
    yield _api("CreateStage", stageName=name, **given, **tags)
    work.physical_id = name
    yield from _stage_settings(work)


def _stage_settings(work: Work) -> Steps:
    patches = []
    for row in work.get("MethodSettings") or () if work.changed("MethodSettings") else ():
        prefix = f"{str(row.get('ResourcePath', '/*')).strip('/').replace('/', '~1') or '*'}/{row.get('HttpMethod', '*')}"
        prefix = "*/*" if row.get("ResourcePath", "/*") == "/*" else f"~1{prefix}"
        for name, path in _SETTINGS.items():
            if name in row:
                patches.append({"op": "replace", "path": f"/{prefix}/{path}", "value": _text(row[name])})
    if work.old and work.changed("DeploymentId"):
        patches.append({"op": "replace", "path": "/deploymentId", "value": str(work.properties["DeploymentId"])})
    for name, value in (work.get("Variables") or {}).items() if work.old and work.changed("Variables") else ():
        patches.append({"op": "replace", "path": f"/variables/{name}", "value": str(value)})
    log = work.get("AccessLogSetting")
    if log and work.changed("AccessLogSetting"):
        for name, path in (("DestinationArn", "destinationArn"), ("Format", "format")):
            if name in log:
                patches.append({"op": "replace", "path": f"/accessLogSettings/{path}", "value": str(log[name])})
    if patches:
        yield _api("UpdateStage", **work.pick("RestApiId"), stageName=work.physical_id, patchOperations=patches)


_SETTINGS = {
    "ThrottlingRateLimit": "throttling/rateLimit",
    "ThrottlingBurstLimit": "throttling/burstLimit",
    "LoggingLevel": "logging/loglevel",
    "DataTraceEnabled": "logging/dataTrace",
    "MetricsEnabled": "metrics/enabled",
    "CachingEnabled": "caching/enabled",
    "CacheTtlInSeconds": "caching/ttlInSeconds",
}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _delete_stage(work: Work) -> Steps:
    yield _api("DeleteStage", **work.pick("RestApiId"), stageName=work.physical_id)


_AUTHORIZER = (
    "Type AuthType AuthorizerCredentials AuthorizerResultTtlInSeconds AuthorizerUri IdentitySource IdentityValidationExpression"
)


def _create_authorizer(work: Work) -> Steps:
    answer = yield _api("CreateAuthorizer", **work.pick("RestApiId", "Name", "ProviderARNs", *_AUTHORIZER.split()))
    work.physical_id = answer["id"]
    work.only(AuthorizerId=work.physical_id)


def _delete_authorizer(work: Work) -> Steps:
    yield _api("DeleteAuthorizer", **work.pick("RestApiId"), authorizerId=work.physical_id)


def _create_model(work: Work) -> Steps:
    name = work.name("Name").replace("-", "")
    schema = work.get("Schema") or {}
    given = {"contentType": "application/json", **work.pick("ContentType", "Description")}
    given["schema"] = schema if isinstance(schema, str) else json.dumps(schema)
    yield _api("CreateModel", **work.pick("RestApiId"), name=name, **given)
    work.physical_id = name


def _delete_model(work: Work) -> Steps:
    yield _api("DeleteModel", **work.pick("RestApiId"), modelName=work.physical_id)


def _create_validator(work: Work) -> Steps:
    given = work.pick("RestApiId", "ValidateRequestBody", "ValidateRequestParameters")
    answer = yield _api("CreateRequestValidator", name=work.name("Name"), **given)
    work.physical_id = answer["id"]
    work.only(RequestValidatorId=work.physical_id)


def _delete_validator(work: Work) -> Steps:
    yield _api("DeleteRequestValidator", **work.pick("RestApiId"), requestValidatorId=work.physical_id)


def _put_response(work: Work) -> Steps:
    given = work.pick("RestApiId", "ResponseType", "StatusCode", "ResponseParameters", "ResponseTemplates")
    yield _api("PutGatewayResponse", **given)
    work.physical_id = work.physical_id or f"{work.stack_name}-{work.logical_id}"


def _delete_response(work: Work) -> Steps:
    yield _api("DeleteGatewayResponse", **work.pick("RestApiId", "ResponseType"))


def _create_key(work: Work) -> Steps:
    given = {"enabled": False, **work.pick("Description", "Enabled", "Value", "CustomerId", "GenerateDistinctId")}
    stages = [{"restApiId": row["RestApiId"], "stageName": row["StageName"]} for row in work.get("StageKeys") or ()]
    answer = yield _api("CreateApiKey", name=work.name("Name"), **given, **({"stageKeys": stages} if stages else {}))
    work.physical_id = answer["id"]
    work.only(APIKeyId=work.physical_id)


def _delete_key(work: Work) -> Steps:
    yield _api("DeleteApiKey", apiKey=work.physical_id)


def _create_plan(work: Work) -> Steps:
    given = work.pick("Description", "Quota", "Throttle", "ApiStages")
    answer = yield _api("CreateUsagePlan", name=work.name("UsagePlanName"), **given)
    work.physical_id = answer["id"]
    work.only(Id=work.physical_id)


def _delete_plan(work: Work) -> Steps:
    for row in work.get("ApiStages") or ():
        value = f"{row['ApiId']}:{row['Stage']}"
        patch = [{"op": "remove", "path": "/apiStages", "value": value}]
        yield _api("UpdateUsagePlan", usagePlanId=work.physical_id, patchOperations=patch)
    yield _api("DeleteUsagePlan", usagePlanId=work.physical_id)


def _create_plan_key(work: Work) -> Steps:
    yield _api("CreateUsagePlanKey", **work.pick("UsagePlanId", "KeyId", "KeyType"))
    work.physical_id = f"{work.properties['KeyId']}:{work.properties['UsagePlanId']}"


def _delete_plan_key(work: Work) -> Steps:
    yield _api("DeleteUsagePlanKey", **work.pick("UsagePlanId", "KeyId"))


def _put_account(work: Work) -> Steps:
    role = str(work.get("CloudWatchRoleArn") or "")
    yield _api("UpdateAccount", patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": role}])
    work.physical_id = work.physical_id or work.name("")


def _leave(_work: Work) -> Steps:
    yield from ()


kind(
    "AWS::ApiGateway::RestApi", _create_rest, _delete_rest, _update_rest,
    props="Name Body Description Tags", fixed=f"{_API.replace('Description ', '')} Policy",
)  # fmt: skip
kind("AWS::ApiGateway::Resource", _create_resource, _delete_resource, required="RestApiId ParentId PathPart")
kind(
    "AWS::ApiGateway::Method", _put_method, _delete_method, _put_method,
    props="AuthorizationType AuthorizerId AuthorizationScopes ApiKeyRequired OperationName RequestModels RequestParameters "
    "RequestValidatorId MethodResponses Integration",
    required="RestApiId ResourceId HttpMethod", fixed="RestApiId ResourceId HttpMethod",
)  # fmt: skip
kind("AWS::ApiGateway::Deployment", _create_deployment, _delete_deployment, props="Description StageName", required="RestApiId")
kind(
    "AWS::ApiGateway::Stage", _create_stage, _delete_stage, _stage_settings,
    props="DeploymentId Variables MethodSettings AccessLogSetting Tags", required="RestApiId",
    fixed=f"RestApiId StageName {_STAGE.replace('Variables ', '')}",
)  # fmt: skip
kind(
    "AWS::ApiGateway::Authorizer",
    _create_authorizer,
    _delete_authorizer,
    props=f"{_AUTHORIZER} ProviderARNs",
    required="RestApiId Name",
)
kind("AWS::ApiGateway::Model", _create_model, _delete_model, props="Name ContentType Description Schema", required="RestApiId")
kind(
    "AWS::ApiGateway::RequestValidator", _create_validator, _delete_validator,
    props="Name ValidateRequestBody ValidateRequestParameters", required="RestApiId",
)  # fmt: skip
kind(
    "AWS::ApiGateway::GatewayResponse", _put_response, _delete_response, _put_response,
    props="StatusCode ResponseParameters ResponseTemplates", required="RestApiId ResponseType", fixed="RestApiId ResponseType",
)  # fmt: skip
kind(
    "AWS::ApiGateway::ApiKey", _create_key, _delete_key,
    props="Name Description Enabled Value CustomerId GenerateDistinctId StageKeys",
)  # fmt: skip
kind("AWS::ApiGateway::UsagePlan", _create_plan, _delete_plan, props="UsagePlanName Description Quota Throttle ApiStages")
kind("AWS::ApiGateway::UsagePlanKey", _create_plan_key, _delete_plan_key, required="UsagePlanId KeyId KeyType")
kind("AWS::ApiGateway::Account", _put_account, _leave, _put_account, props="CloudWatchRoleArn")
