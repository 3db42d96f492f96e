"""API Gateway, HTTP and WebSocket APIs: methods on paths as for REST APIs; portals and routing rules have named actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.iam.operations.request import Rules
from sandbox.iam.operations.rest_path import PassedRole, named_rules, path_rules

_PATHS: Final[Mapping[str, str]] = {
    "/apis": "POST:CreateApi GET:GetApis PUT:ImportApi",
    "/apis/{ApiId}": "DELETE:DeleteApi GET:GetApi PUT:ReimportApi PATCH:UpdateApi",
    "/apis/{ApiId}/authorizers": "POST:CreateAuthorizer GET:GetAuthorizers",
    "/apis/{ApiId}/authorizers/{AuthorizerId}": "DELETE:DeleteAuthorizer GET:GetAuthorizer PATCH:UpdateAuthorizer",
    "/apis/{ApiId}/cors": "DELETE:DeleteCorsConfiguration",
    "/apis/{ApiId}/deployments": "POST:CreateDeployment GET:GetDeployments",
    "/apis/{ApiId}/deployments/{DeploymentId}": "DELETE:DeleteDeployment GET:GetDeployment PATCH:UpdateDeployment",
    "/apis/{ApiId}/exports/{Specification}": "GET:ExportApi",
    "/apis/{ApiId}/integrations": "POST:CreateIntegration GET:GetIntegrations",
    "/apis/{ApiId}/integrations/{IntegrationId}": "DELETE:DeleteIntegration GET:GetIntegration PATCH:UpdateIntegration",
    "/apis/{ApiId}/integrations/{IntegrationId}/integrationresponses": (
        "POST:CreateIntegrationResponse GET:GetIntegrationResponses"
    ),
    "/apis/{ApiId}/integrations/{IntegrationId}/integrationresponses/{IntegrationResponseId}": (
        "DELETE:DeleteIntegrationResponse GET:GetIntegrationResponse PATCH:UpdateIntegrationResponse"
    ),
    "/apis/{ApiId}/models": "POST:CreateModel GET:GetModels",
    "/apis/{ApiId}/models/{ModelId}": "DELETE:DeleteModel GET:GetModel PATCH:UpdateModel",
    "/apis/{ApiId}/models/{ModelId}/template": "GET:GetModelTemplate",
    "/apis/{ApiId}/routes": "POST:CreateRoute GET:GetRoutes",
    "/apis/{ApiId}/routes/{RouteId}": "DELETE:DeleteRoute GET:GetRoute PATCH:UpdateRoute",
    "/apis/{ApiId}/routes/{RouteId}/requestparameters/{RequestParameterKey}": "DELETE:DeleteRouteRequestParameter",
    "/apis/{ApiId}/routes/{RouteId}/routeresponses": "POST:CreateRouteResponse GET:GetRouteResponses",
    "/apis/{ApiId}/routes/{RouteId}/routeresponses/{RouteResponseId}": (
        "DELETE:DeleteRouteResponse GET:GetRouteResponse PATCH:UpdateRouteResponse"
    ),
    "/apis/{ApiId}/stages": "POST:CreateStage GET:GetStages",
    "/apis/{ApiId}/stages/{StageName}": "DELETE:DeleteStage GET:GetStage PATCH:UpdateStage",
    "/apis/{ApiId}/stages/{StageName}/accesslogsettings": "DELETE:DeleteAccessLogSettings",
    "/apis/{ApiId}/stages/{StageName}/cache/authorizers": "DELETE:ResetAuthorizersCache",
    "/apis/{ApiId}/stages/{StageName}/routesettings/{RouteKey}": "DELETE:DeleteRouteSettings",
    "/domainnames": "POST:CreateDomainName GET:GetDomainNames",
    "/domainnames/{DomainName}": "DELETE:DeleteDomainName GET:GetDomainName PATCH:UpdateDomainName",
    "/domainnames/{DomainName}/apimappings": "POST:CreateApiMapping GET:GetApiMappings",
    "/domainnames/{DomainName}/apimappings/{ApiMappingId}": "DELETE:DeleteApiMapping GET:GetApiMapping PATCH:UpdateApiMapping",
    "/tags/{ResourceArn}": "GET:GetTags POST:TagResource DELETE:UntagResource",
    "/vpclinks": "POST:CreateVpcLink GET:GetVpcLinks",
    "/vpclinks/{VpcLinkId}": "DELETE:DeleteVpcLink GET:GetVpcLink PATCH:UpdateVpcLink",
}
_NAMED: Final[Mapping[str, str]] = {
    "/domainnames/{DomainName}/routingrules": "CreateRoutingRule ListRoutingRules",
    "/domainnames/{DomainName}/routingrules/{RoutingRuleId}": "DeleteRoutingRule GetRoutingRule PutRoutingRule",
    "/portalproducts": "CreatePortalProduct ListPortalProducts",
    "/portalproducts/{PortalProductId}": "DeletePortalProduct GetPortalProduct UpdatePortalProduct",
    "/portalproducts/{PortalProductId}/productpages": "CreateProductPage ListProductPages",
    "/portalproducts/{PortalProductId}/productpages/{ProductPageId}": "DeleteProductPage GetProductPage UpdateProductPage",
    "/portalproducts/{PortalProductId}/productrestendpointpages": "CreateProductRestEndpointPage ListProductRestEndpointPages",
    "/portalproducts/{PortalProductId}/productrestendpointpages/{ProductRestEndpointPageId}": (
        "DeleteProductRestEndpointPage GetProductRestEndpointPage UpdateProductRestEndpointPage"
    ),
    "/portalproducts/{PortalProductId}/sharingpolicy": (
        "DeletePortalProductSharingPolicy GetPortalProductSharingPolicy PutPortalProductSharingPolicy"
    ),
    "/portals": "CreatePortal ListPortals",
    "/portals/{PortalId}": "DeletePortal GetPortal UpdatePortal",
    "/portals/{PortalId}/preview": "PreviewPortal",
    "/portals/{PortalId}/publish": "DisablePortal PublishPortal",
}
_ROLES: Final[Mapping[str, PassedRole]] = {
    "CreateIntegration": "CredentialsArn",
    "UpdateIntegration": "CredentialsArn",
    "CreateAuthorizer": "AuthorizerCredentialsArn",
    "UpdateAuthorizer": "AuthorizerCredentialsArn",
}

RULES: Rules = {**path_rules(_PATHS, _ROLES), **named_rules(_NAMED, {"PutRoutingRule": "UpdateRoutingRule"})}
