"""REST and HTTP APIs from templates: resource by resource, and from OpenAPI bodies as SAM writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.account import InprocessAccount, inprocess_account

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
REST = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Items: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: items}}
  Validator: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, Name: body, ValidateRequestBody: true}}
  Item: {Type: AWS::ApiGateway::Model, Properties: {RestApiId: !Ref Api, Name: Item, Schema: {type: object}}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Items
      HttpMethod: POST
      AuthorizationType: NONE
      ApiKeyRequired: true
      RequestValidatorId: !Ref Validator
      RequestModels: {application/json: !Ref Item}
      MethodResponses: [{StatusCode: 200}]
      Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: URI}
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: Get, Properties: {RestApiId: !Ref Api}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: prod, Variables: {A: b}, MethodSettings: [
      {ResourcePath: /*, HttpMethod: '*', ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10}]}
  Key: {Type: AWS::ApiGateway::ApiKey, Properties: {Enabled: true, Value: 0123456789012345678901}}
  Plan: {Type: AWS::ApiGateway::UsagePlan, DependsOn: Stage, Properties: {ApiStages: [{ApiId: !Ref Api, Stage: prod}], Throttle: {RateLimit: 1, BurstLimit: 2}}}
  PlanKey: {Type: AWS::ApiGateway::UsagePlanKey, Properties: {UsagePlanId: !Ref Plan, KeyId: !Ref Key, KeyType: API_KEY}}
  Sorry: {Type: AWS::ApiGateway::GatewayResponse, Properties: {RestApiId: !Ref Api, ResponseType: DEFAULT_4XX, StatusCode: "418"}}
  Guard: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Name: g, Type: TOKEN, AuthorizerUri: URI, IdentitySource: method.request.header.Authorization}}
""".replace("URI", URI)  # noqa: E501
HTTP = """
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP, CorsConfiguration: {AllowOrigins: ['*']}}}
  Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: FUNCTION, PayloadFormatVersion: "2.0"}}
  Guard: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Api, Name: jwt, AuthorizerType: JWT, IdentitySource: [$request.header.Authorization], JwtConfiguration: {Issuer: https://i, Audience: [a]}}}
  Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /items, Target: !Sub "integrations/${Call}", AuthorizationType: JWT, AuthorizerId: !Ref Guard}}
  Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: $default, AutoDeploy: true}}
""".replace("FUNCTION", FUNCTION)  # noqa: E501
PROXY = {"type": "aws_proxy", "httpMethod": "POST", "uri": URI}
JWT = {
    "type": "jwt",
    "identitySource": "$request.header.Authorization",
    "jwtConfiguration": {"issuer": "https://i", "audience": ["a"]},
}


@pytest.fixture(name="shared", scope="module")
def account_of_this_file() -> Iterator[InprocessAccount]:
    with inprocess_account(seed=5) as account:
        yield account


@pytest.fixture(name="account")
def fresh_account(shared: InprocessAccount) -> InprocessAccount:
    shared.reset()
    return shared


def deploy(account: InprocessAccount, template: str, *, update: bool = False) -> dict[str, str]:
    """Physical ids by logical ids."""
    cloud = account.client("cloudformation")
    (cloud.update_stack if update else cloud.create_stack)(StackName="api", TemplateBody=template)
    events = cloud.describe_stack_events(StackName="api")["StackEvents"]
    assert [row["ResourceStatusReason"] for row in events if row["ResourceStatus"].endswith("_FAILED")] == []
    rows = cloud.describe_stack_resources(StackName="api")["StackResources"]
    return {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows}


def gone(account: InprocessAccount) -> bool:
    cloud = account.client("cloudformation")
    identifier = cloud.describe_stacks(StackName="api")["Stacks"][0]["StackId"]
    cloud.delete_stack(StackName="api")
    return bool(cloud.describe_stacks(StackName=identifier)["Stacks"][0]["StackStatus"] == "DELETE_COMPLETE")


def body(kind: str, document: dict[str, Any]) -> str:
    return json.dumps({"Resources": {"Api": {"Type": kind, "Properties": {"Body": document}}}})


def test_a_rest_api_resource_by_resource(account: InprocessAccount) -> None:
    made, api = deploy(account, REST), account.client("apigateway")
    method = api.get_method(restApiId=made["Api"], resourceId=made["Items"], httpMethod="POST")
    assert (method["apiKeyRequired"], method["methodIntegration"]["type"]) == (True, "AWS_PROXY")
    stage = api.get_stage(restApiId=made["Api"], stageName="prod")
    assert stage["variables"] == {"A": "b"}
    assert stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 5
    assert api.get_usage_plan_keys(usagePlanId=made["Plan"])["items"][0]["id"] == made["Key"]
    assert gone(account)


def test_an_http_api_resource_by_resource(account: InprocessAccount) -> None:
    made, api = deploy(account, HTTP), account.client("apigatewayv2")
    route = api.get_routes(ApiId=made["Api"])["Items"][0]
    assert (route["RouteKey"], route["AuthorizationType"], route["AuthorizerId"]) == ("GET /items", "JWT", made["Guard"])
    assert gone(account)


def test_a_rest_api_from_a_document_with_an_authorizer(account: InprocessAccount) -> None:
    guard = {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom"}
    guard["x-amazon-apigateway-authorizer"] = {"type": "token", "authorizerUri": URI}  # type: ignore[assignment]
    get = {"x-amazon-apigateway-integration": PROXY, "security": [{"Guard": []}], "responses": {}}
    document = {
        "swagger": "2.0",
        "info": {"title": "shop"},
        "paths": {"/items/{id}": {"get": get}},
        "securityDefinitions": {"Guard": guard},
    }
    made, api = deploy(account, body("AWS::ApiGateway::RestApi", document)), account.client("apigateway")
    resources = {row["path"]: row["id"] for row in api.get_resources(restApiId=made["Api"])["items"]}
    assert set(resources) == {"/", "/items", "/items/{id}"}
    method = api.get_method(restApiId=made["Api"], resourceId=resources["/items/{id}"], httpMethod="GET")
    assert (method["authorizationType"], method["methodIntegration"]["uri"]) == ("CUSTOM", URI)
    document["paths"] = {"/orders": {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": PROXY}}}
    deploy(account, body("AWS::ApiGateway::RestApi", document), update=True)
    assert {row["path"] for row in api.get_resources(restApiId=made["Api"])["items"]} == {"/", "/orders"}


def test_an_http_api_from_a_document(account: InprocessAccount) -> None:
    get = {"x-amazon-apigateway-integration": {**PROXY, "payloadFormatVersion": "2.0"}, "security": [{"Jwt": ["read"]}]}
    document = {
        "openapi": "3.0.1",
        "info": {"title": "shop"},
        "paths": {
            "/items": {"get": get},
            "/$default": {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": PROXY}},
        },
        "components": {"securitySchemes": {"Jwt": {"type": "oauth2", "x-amazon-apigateway-authorizer": JWT}}},
        "x-amazon-apigateway-cors": {"allowOrigins": ["https://a"]},
    }
    made, api = deploy(account, body("AWS::ApiGatewayV2::Api", document)), account.client("apigatewayv2")
    routes = {row["RouteKey"]: row for row in api.get_routes(ApiId=made["Api"])["Items"]}
    assert set(routes) == {"GET /items", "$default"}
    assert (routes["GET /items"]["AuthorizationType"], routes["GET /items"]["AuthorizationScopes"]) == ("JWT", ["read"])
    assert api.get_api(ApiId=made["Api"])["CorsConfiguration"]["AllowOrigins"] == ["https://a"]
    document["paths"] = {"/orders": {"get": get}}
    deploy(account, body("AWS::ApiGatewayV2::Api", document), update=True)
    assert [row["RouteKey"] for row in api.get_routes(ApiId=made["Api"])["Items"]] == ["GET /orders"]
    (authorizer,) = api.get_authorizers(ApiId=made["Api"])["Items"]
    assert (authorizer["Name"], authorizer["JwtConfiguration"]["Issuer"]) == ("Jwt", "https://i")
    assert len(api.get_integrations(ApiId=made["Api"])["Items"]) == 1
