"""API Gateway, REST APIs: the action is the HTTP method and the resource is the path (developer guide, "Control access
for managing an API"). ``{names}`` are input parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.iam.operations.request import Request, Rule, Rules
from sandbox.iam.operations.rest_path import PassedRole, path_rules
from sandbox.iam.verdict import Check

_PATHS: Final[Mapping[str, str]] = {
    "/account": "GET:GetAccount PATCH:UpdateAccount",
    "/apikeys": "POST:CreateApiKey GET:GetApiKeys POST:ImportApiKeys",
    "/apikeys/{apiKey}": "DELETE:DeleteApiKey GET:GetApiKey PATCH:UpdateApiKey",
    "/clientcertificates": "POST:GenerateClientCertificate GET:GetClientCertificates",
    "/clientcertificates/{clientCertificateId}": (
        "DELETE:DeleteClientCertificate GET:GetClientCertificate PATCH:UpdateClientCertificate"
    ),
    "/domainnameaccessassociations": "POST:CreateDomainNameAccessAssociation GET:GetDomainNameAccessAssociations",
    "/domainnameaccessassociations/{domainNameAccessAssociationArn}": "DELETE:DeleteDomainNameAccessAssociation",
    "/domainnames": "POST:CreateDomainName GET:GetDomainNames",
    "/domainnames/{domainName}": "DELETE:DeleteDomainName GET:GetDomainName PATCH:UpdateDomainName",
    "/domainnames/{domainName}/basepathmappings": "POST:CreateBasePathMapping GET:GetBasePathMappings",
    "/domainnames/{domainName}/basepathmappings/{basePath}": (
        "DELETE:DeleteBasePathMapping GET:GetBasePathMapping PATCH:UpdateBasePathMapping"
    ),
    "/rejectdomainnameaccessassociations": "POST:RejectDomainNameAccessAssociation",
    "/restapis": "POST:CreateRestApi GET:GetRestApis POST:ImportRestApi",
    "/restapis/{restApiId}": "DELETE:DeleteRestApi GET:GetRestApi PUT:PutRestApi PATCH:UpdateRestApi",
    "/restapis/{restApiId}/authorizers": "POST:CreateAuthorizer GET:GetAuthorizers",
    "/restapis/{restApiId}/authorizers/{authorizerId}": (
        "DELETE:DeleteAuthorizer GET:GetAuthorizer POST:TestInvokeAuthorizer PATCH:UpdateAuthorizer"
    ),
    "/restapis/{restApiId}/deployments": "POST:CreateDeployment GET:GetDeployments",
    "/restapis/{restApiId}/deployments/{deploymentId}": "DELETE:DeleteDeployment GET:GetDeployment PATCH:UpdateDeployment",
    "/restapis/{restApiId}/documentation/parts": (
        "POST:CreateDocumentationPart GET:GetDocumentationParts PUT:ImportDocumentationParts"
    ),
    "/restapis/{restApiId}/documentation/parts/{documentationPartId}": (
        "DELETE:DeleteDocumentationPart GET:GetDocumentationPart PATCH:UpdateDocumentationPart"
    ),
    "/restapis/{restApiId}/documentation/versions": "POST:CreateDocumentationVersion GET:GetDocumentationVersions",
    "/restapis/{restApiId}/documentation/versions/{documentationVersion}": (
        "DELETE:DeleteDocumentationVersion GET:GetDocumentationVersion PATCH:UpdateDocumentationVersion"
    ),
    "/restapis/{restApiId}/gatewayresponses": "GET:GetGatewayResponses",
    "/restapis/{restApiId}/gatewayresponses/{responseType}": (
        "DELETE:DeleteGatewayResponse GET:GetGatewayResponse PUT:PutGatewayResponse PATCH:UpdateGatewayResponse"
    ),
    "/restapis/{restApiId}/models": "POST:CreateModel GET:GetModels",
    "/restapis/{restApiId}/models/{modelName}": "DELETE:DeleteModel GET:GetModel PATCH:UpdateModel",
    "/restapis/{restApiId}/models/{modelName}/default_template": "GET:GetModelTemplate",
    "/restapis/{restApiId}/requestvalidators": "POST:CreateRequestValidator GET:GetRequestValidators",
    "/restapis/{restApiId}/requestvalidators/{requestValidatorId}": (
        "DELETE:DeleteRequestValidator GET:GetRequestValidator PATCH:UpdateRequestValidator"
    ),
    "/restapis/{restApiId}/resources": "GET:GetResources",
    "/restapis/{restApiId}/resources/{parentId}": "POST:CreateResource",
    "/restapis/{restApiId}/resources/{resourceId}": "DELETE:DeleteResource GET:GetResource PATCH:UpdateResource",
    "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}": (
        "DELETE:DeleteMethod GET:GetMethod PUT:PutMethod POST:TestInvokeMethod PATCH:UpdateMethod"
    ),
    "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration": (
        "DELETE:DeleteIntegration GET:GetIntegration PUT:PutIntegration PATCH:UpdateIntegration"
    ),
    "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration/responses/{statusCode}": (
        "DELETE:DeleteIntegrationResponse GET:GetIntegrationResponse PUT:PutIntegrationResponse PATCH:UpdateIntegrationResponse"
    ),
    "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/responses/{statusCode}": (
        "DELETE:DeleteMethodResponse GET:GetMethodResponse PUT:PutMethodResponse PATCH:UpdateMethodResponse"
    ),
    "/restapis/{restApiId}/stages": "POST:CreateStage GET:GetStages",
    "/restapis/{restApiId}/stages/{stageName}": "DELETE:DeleteStage GET:GetStage PATCH:UpdateStage",
    "/restapis/{restApiId}/stages/{stageName}/cache/authorizers": "DELETE:FlushStageAuthorizersCache",
    "/restapis/{restApiId}/stages/{stageName}/cache/data": "DELETE:FlushStageCache",
    "/restapis/{restApiId}/stages/{stageName}/exports/{exportType}": "GET:GetExport",
    "/restapis/{restApiId}/stages/{stageName}/sdks/{sdkType}": "GET:GetSdk",
    "/sdktypes": "GET:GetSdkTypes",
    "/sdktypes/{id}": "GET:GetSdkType",
    "/tags/{resourceArn}": "GET:GetTags PUT:TagResource DELETE:UntagResource",
    "/usageplans": "POST:CreateUsagePlan GET:GetUsagePlans",
    "/usageplans/{usagePlanId}": "DELETE:DeleteUsagePlan GET:GetUsagePlan PATCH:UpdateUsagePlan",
    "/usageplans/{usagePlanId}/keys": "POST:CreateUsagePlanKey GET:GetUsagePlanKeys",
    "/usageplans/{usagePlanId}/keys/{keyId}": "DELETE:DeleteUsagePlanKey GET:GetUsagePlanKey",
    "/usageplans/{usagePlanId}/keys/{keyId}/usage": "PATCH:UpdateUsage",
    "/usageplans/{usagePlanId}/usage": "GET:GetUsage",
    "/vpclinks": "POST:CreateVpcLink GET:GetVpcLinks",
    "/vpclinks/{vpcLinkId}": "DELETE:DeleteVpcLink GET:GetVpcLink PATCH:UpdateVpcLink",
}

_ROLES: Final[Mapping[str, PassedRole]] = {
    "PutIntegration": "credentials",
    "CreateAuthorizer": "authorizerCredentials",
}
_RULES: Final[Rules] = path_rules(_PATHS, _ROLES)


def _patches(request: Request) -> list[Mapping[str, Any]]:
    return request.rows("patchOperations")


def _update_account(request: Request) -> Iterable[Check]:
    """The role for execution logs is handed over in a patch."""
    checks = list(_RULES["UpdateAccount"](request))
    for patch in _patches(request):
        if patch.get("path") == "/cloudwatchRoleArn":
            checks += request.pass_role(str(patch.get("value") or ""), "apigateway.amazonaws.com")
    return checks


def _with_policy(operation: str, in_request: str) -> Rule:
    """An API's own policy needs ``UpdateRestApiPolicy`` besides (service authorization reference)."""

    def rule(request: Request) -> Iterable[Check]:
        checks = list(_RULES[operation](request))
        if request.text(in_request) or any(str(patch.get("path")) == "/policy" for patch in _patches(request)):
            checks.append(request.check("UpdateRestApiPolicy", checks[0].resource))
        return checks

    return rule


RULES: Rules = {
    **_RULES,
    "UpdateAccount": _update_account,
    "CreateRestApi": _with_policy("CreateRestApi", "policy"),
    "UpdateRestApi": _with_policy("UpdateRestApi", ""),
}
