"""Lambda (service authorization reference, "Actions, resources, and condition keys for AWS Lambda")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.iam.operations.request import Request, Rules, everything, given, table
from sandbox.iam.verdict import Check, ContextValue

_SERVICE = "lambda.amazonaws.com"


def function_arn(request: Request, *, qualified: bool = False) -> str:
    """Any spelling of FunctionName as an ARN. Only ``qualified`` callers see a version or alias in it."""
    text = request.text("FunctionName")
    qualifier = request.text("Qualifier")
    place: dict[str, str] = {}
    if text.startswith("arn:"):
        parts = text.split(":")
        if len(parts) < 7:
            return text
        place = {"region": parts[3], "account": parts[4]}
        parts = parts[6:]
    else:
        parts = text.split(":")
        if "function" in parts[:2]:
            at = parts.index("function")
            if at:
                place = {"account": parts[0]}
            parts = parts[at + 1 :]
    name = parts[0] if parts else ""
    qualifier = (parts[1] if len(parts) > 1 else "") or qualifier
    return request.arn(f"function:{name}:{qualifier}" if qualified and qualifier else f"function:{name}", **place)


def _function(request: Request) -> str:
    return function_arn(request)


def _qualified(request: Request) -> str:
    return function_arn(request, qualified=True)


def _layer(request: Request) -> str:
    return request.named("layer:{}", request.text("LayerName"))


def _layer_version(request: Request) -> str:
    return f"{_layer(request)}:{request.params.get('VersionNumber', '')}"


def _mapping_arn(request: Request) -> str:
    return request.arn(f"event-source-mapping:{request.text('UUID')}")


def _capacity_provider(request: Request) -> str:
    return request.named("capacity-provider:{}", request.text("CapacityProviderName"))


def _invoke(request: Request) -> Iterable[Check]:
    """The resource is the ARN as it was addressed: unqualified, version or alias."""
    return [request.check("InvokeFunction", _qualified(request))]


def _invoke_url(request: Request) -> Iterable[Check]:
    """Since October 2025 a URL needs both actions, the second with ``lambda:InvokedViaFunctionUrl`` (Lambda developer guide,
    "Control access to Lambda function URLs"). No API operation: the Function URL door asks under this name."""
    arn = _qualified(request)
    auth = request.text("FunctionUrlAuthType") or "NONE"
    return [
        request.check("InvokeFunctionUrl", arn, {"lambda:FunctionUrlAuthType": auth}),
        request.check("InvokeFunction", arn, {"lambda:InvokedViaFunctionUrl": "true"}),
    ]


def _configuration_keys(request: Request) -> dict[str, ContextValue | None]:
    vpc = request.part("VpcConfig")
    subnets = [str(item) for item in vpc.get("SubnetIds") or ()]
    vpcs = {found for subnet in subnets if (found := request.where.find("ec2:vpc", subnet))}
    return {
        "lambda:Layer": request.texts("Layers"),
        "lambda:SubnetIds": subnets,
        "lambda:SecurityGroupIds": [str(item) for item in vpc.get("SecurityGroupIds") or ()],
        "lambda:VpcIds": sorted(vpcs),
        "lambda:CodeSigningConfigArn": request.text("CodeSigningConfigArn"),
    }


def _code(request: Request, code: Mapping[str, Any]) -> list[Check]:
    """Lambda reads code from S3 with the caller's own permissions."""
    bucket, key, version = (str(code.get(name) or "") for name in ("S3Bucket", "S3Key", "S3ObjectVersion"))
    if not bucket:
        return []
    arn = request.arn(f"{bucket}/{key}", service="s3", region="", account="")
    action = "s3:GetObjectVersion" if version else "s3:GetObject"
    owner = request.where.find("s3:owner", bucket)
    return [
        request.check(
            action, arn, {"s3:versionid": version}, owner=owner, policy_of=f"arn:{request.where.partition}:s3:::{bucket}"
        )
    ]


def _layers_read(request: Request) -> list[Check]:
    return [request.check("GetLayerVersion", arn) for arn in request.texts("Layers")]


def _key_of_variables(request: Request) -> list[Check]:
    """Lambda makes a grant on a key of the customer's own, and seals with it, with the caller's permissions (Lambda guide,
    configuration-envvars: "kms:CreateGrant, kms:Encrypt - to configure a customer managed key on a function")."""
    key = request.text("KMSKeyArn")
    if not key:
        return []
    where = request.where
    via = {"kms:ViaService": f"lambda.{where.region}.amazonaws.com", "kms:CallerAccount": where.principal.account_id}
    return [
        request.check("kms:CreateGrant", key, {**via, "kms:GrantIsForAWSResource": "true"}),
        request.check("kms:Encrypt", key, via),
    ]


def _create_function(request: Request) -> Iterable[Check]:
    arn = function_arn(request)
    return [
        request.own(arn, _configuration_keys(request)),
        *request.pass_role(request.text("Role"), _SERVICE, arn),
        *_layers_read(request),
        *_code(request, request.part("Code")),
        *_key_of_variables(request),
    ]


def _update_configuration(request: Request) -> Iterable[Check]:
    arn = function_arn(request)
    return [
        request.own(arn, _configuration_keys(request)),
        *request.pass_role(request.text("Role"), _SERVICE, arn),
        *_layers_read(request),
        *_key_of_variables(request),
    ]


def _update_code(request: Request) -> Iterable[Check]:
    return [request.own(function_arn(request)), *_code(request, request.params)]


def _publish_layer(request: Request) -> Iterable[Check]:
    return [request.own(_layer(request)), *_code(request, request.part("Content"))]


def _layer_by_arn(request: Request) -> Iterable[Check]:
    return [request.check("GetLayerVersion", request.text("Arn"))]


def _permission(request: Request) -> Iterable[Check]:
    context = {
        "lambda:Principal": request.text("Principal"),
        "lambda:FunctionUrlAuthType": request.text("FunctionUrlAuthType"),
    }
    return [request.own(function_arn(request), context)]


def _url(request: Request) -> Iterable[Check]:
    context = {"lambda:FunctionUrlAuthType": request.text("AuthType"), "lambda:FunctionArn": _qualified(request)}
    return [request.own(function_arn(request), context)]


def _create_mapping(request: Request) -> Iterable[Check]:
    return [request.own("*", {"lambda:FunctionArn": _qualified(request)})]


def _mapping(request: Request) -> Iterable[Check]:
    function = function_arn(request, qualified=True) if request.text("FunctionName") else ""
    function = function or request.where.find("lambda:mapping", request.text("UUID"))
    return [request.own(_mapping_arn(request), {"lambda:FunctionArn": function})]


def _signing(request: Request) -> Iterable[Check]:
    signing = request.text("CodeSigningConfigArn")
    context = {"lambda:CodeSigningConfigArn": signing}
    return [request.own(function_arn(request), context), request.own(signing, context)]


def _create_capacity_provider(request: Request) -> Iterable[Check]:
    role = request.part("PermissionsConfig").get("CapacityProviderOperatorRoleArn")
    return [request.own(_capacity_provider(request)), *request.pass_role(str(role or ""), _SERVICE)]


def _callback(request: Request) -> str:
    """A callback id is opaque; its execution belongs to this account."""
    return request.arn("function:*")


RULES: Rules = {
    **table(
        {
            _function: (
                "CreateAlias DeleteAlias DeleteFunction DeleteFunctionCodeSigningConfig DeleteFunctionConcurrency "
                "DeleteFunctionEventInvokeConfig GetAlias GetFunction GetFunctionCodeSigningConfig GetFunctionConcurrency "
                "GetFunctionConfiguration GetFunctionEventInvokeConfig GetFunctionRecursionConfig GetFunctionScalingConfig "
                "GetPolicy GetRuntimeManagementConfig ListAliases ListDurableExecutionsByFunction ListFunctionEventInvokeConfigs "
                "ListFunctionUrlConfigs ListProvisionedConcurrencyConfigs ListVersionsByFunction PublishVersion "
                "PutFunctionConcurrency PutFunctionEventInvokeConfig PutFunctionRecursionConfig PutFunctionScalingConfig "
                "PutRuntimeManagementConfig UpdateAlias UpdateFunctionEventInvokeConfig InvokeAsync"
            ),
            _qualified: ("DeleteProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig PutProvisionedConcurrencyConfig"),
            _layer_version: (
                "AddLayerVersionPermission DeleteLayerVersion GetLayerVersion GetLayerVersionPolicy RemoveLayerVersionPermission"
            ),
            _layer: "ListLayerVersions",
            everything: (
                "CreateCodeSigningConfig GetAccountSettings ListCapacityProviders ListCodeSigningConfigs "
                "ListEventSourceMappings ListFunctions ListLayers"
            ),
            given("CodeSigningConfigArn"): (
                "DeleteCodeSigningConfig GetCodeSigningConfig ListFunctionsByCodeSigningConfig UpdateCodeSigningConfig"
            ),
            given("Resource"): "ListTags TagResource UntagResource",
            given("ResourceArn"): "DeleteResourcePolicy GetResourcePolicy PutResourcePolicy",
            given("DurableExecutionArn"): (
                "CheckpointDurableExecution DeleteDurableExecution GetDurableExecution GetDurableExecutionHistory "
                "GetDurableExecutionState PauseDurableExecution ResumeDurableExecution StopDurableExecution"
            ),
            _capacity_provider: (
                "DeleteCapacityProvider GetCapacityProvider ListFunctionVersionsByCapacityProvider UpdateCapacityProvider"
            ),
            _callback: (
                "SendDurableExecutionCallbackFailure SendDurableExecutionCallbackHeartbeat SendDurableExecutionCallbackSuccess"
            ),
        }
    ),
    "Invoke": _invoke,
    "InvokeWithResponseStream": _invoke,
    "InvokeFunctionUrl": _invoke_url,
    "CreateFunction": _create_function,
    "UpdateFunctionConfiguration": _update_configuration,
    "UpdateFunctionCode": _update_code,
    "PublishLayerVersion": _publish_layer,
    "GetLayerVersionByArn": _layer_by_arn,
    "AddPermission": _permission,
    "RemovePermission": _permission,
    "CreateFunctionUrlConfig": _url,
    "UpdateFunctionUrlConfig": _url,
    "DeleteFunctionUrlConfig": _url,
    "GetFunctionUrlConfig": _url,
    "CreateEventSourceMapping": _create_mapping,
    "GetEventSourceMapping": _mapping,
    "UpdateEventSourceMapping": _mapping,
    "DeleteEventSourceMapping": _mapping,
    "PutFunctionCodeSigningConfig": _signing,
    "CreateCapacityProvider": _create_capacity_provider,
}
