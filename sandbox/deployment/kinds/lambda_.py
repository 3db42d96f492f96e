"""Lambda: functions, versions, aliases, permissions, URLs, layers, mappings, asynchronous settings, code signing."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from sandbox.deployment.kind import Api, Pause, ResourceError, Signal, Steps, Work, kind
from sandbox.deployment.kinds.cfnresponse_source import SOURCE

_CONFIG = [
    "Role",
    "Handler",
    "Runtime",
    "Description",
    "Timeout",
    "MemorySize",
    "Environment",
    "Layers",
    "TracingConfig",
    "DeadLetterConfig",
    "VpcConfig",
    "EphemeralStorage",
    "ImageConfig",
    "FileSystemConfigs",
    "LoggingConfig",
    "SnapStart",
    "DurableConfig",
]
_NOT_COMPARED = ("Layers", "SnapStart", "VpcConfig", "ImageConfig", "FileSystemConfigs", "DurableConfig")
_ALLOCATION_POLL_S = 10.0
_UNSET: dict[str, Any] = {
    "Environment": {"Variables": {}},
    "Layers": [],
    "DeadLetterConfig": {"TargetArn": ""},
    "Description": "",
}
_UNSET |= {"Timeout": 3, "MemorySize": 128, "TracingConfig": {"Mode": "PassThrough"}, "EphemeralStorage": {"Size": 512}}


def _api(operation: str, **params: Any) -> Api:
    return Api("lambda", operation, params)


def _zip(text: str, runtime: str) -> bytes:
    """Inline code is ``index.py`` or ``index.js``; ``cfnresponse`` lies beside it when it is imported."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _put(archive, "index.js" if runtime.startswith("node") else "index.py", text)
        if "cfnresponse" in text and not runtime.startswith("node"):
            _put(archive, "cfnresponse.py", SOURCE)
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, text)


def _code(work: Work) -> dict[str, Any]:
    code = dict(work.properties["Code"])
    unknown = set(code) - {"ZipFile", "S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri"}
    if unknown:
        raise ResourceError(f"Encountered unsupported property Code/{sorted(unknown)[0]}")
    if "ZipFile" in code:
        code["ZipFile"] = _zip(str(code["ZipFile"]), str(work.get("Runtime", "")))
    return code


def _create_function(work: Work) -> Steps:
    name = work.name("FunctionName")
    given = work.pick(*_CONFIG, "Architectures", "PackageType", "CodeSigningConfigArn")
    if work.get("KmsKeyArn"):
        given["KMSKeyArn"] = work.get("KmsKeyArn")
    tags = {"Tags": work.all_tags()} if work.all_tags() else {}
    answer = yield _api("CreateFunction", FunctionName=name, Code=_code(work), **given, **tags)
    work.physical_id = name
    work.only(Arn=answer["FunctionArn"])
    yield from _beside_function(work)


def _beside_function(work: Work) -> Steps:
    name = work.physical_id
    if work.changed("ReservedConcurrentExecutions"):
        if work.get("ReservedConcurrentExecutions") is None:
            yield _api("DeleteFunctionConcurrency", FunctionName=name)
        else:
            yield _api("PutFunctionConcurrency", FunctionName=name, **work.pick("ReservedConcurrentExecutions"))
    if work.changed("RecursiveLoop"):
        yield _api("PutFunctionRecursionConfig", FunctionName=name, RecursiveLoop=work.get("RecursiveLoop", "Terminate"))
    if work.changed("RuntimeManagementConfig"):
        given = work.get("RuntimeManagementConfig") or {"UpdateRuntimeOn": "Auto"}
        yield _api("PutRuntimeManagementConfig", FunctionName=name, **given)


def _update_function(work: Work) -> Steps:
    name = work.physical_id
    if work.changed("Code", "Architectures"):
        yield _api("UpdateFunctionCode", FunctionName=name, **_code(work), **work.pick("Architectures"))
    changed = [one for one in _CONFIG if work.changed(one)]
    if changed or work.changed("KmsKeyArn"):
        given = {one: work.get(one, _UNSET.get(one)) for one in changed}
        if work.changed("KmsKeyArn"):
            given["KMSKeyArn"] = work.get("KmsKeyArn") or ""
        yield _api("UpdateFunctionConfiguration", FunctionName=name, **given)
    if work.changed("CodeSigningConfigArn"):
        if work.get("CodeSigningConfigArn"):
            yield _api("PutFunctionCodeSigningConfig", FunctionName=name, **work.pick("CodeSigningConfigArn"))
        else:
            yield _api("DeleteFunctionCodeSigningConfig", FunctionName=name)
    if work.changed("Tags") and work.all_tags():
        yield _api("TagResource", Resource=work.attributes["Arn"], Tags=work.all_tags())
    yield from _beside_function(work)


def _delete_function(work: Work) -> Steps:
    yield _api("DeleteFunction", FunctionName=work.physical_id)


def _read_function(work: Work) -> Steps:
    answer = yield _api("GetFunctionConfiguration", FunctionName=work.physical_id)
    work.attributes["drift"] = {one: answer.get(one) for one in _CONFIG if one not in _NOT_COMPARED}


def _create_version(work: Work) -> Steps:
    given = work.pick("FunctionName", "CodeSha256", "Description")
    answer = yield _api("PublishVersion", **given)
    work.physical_id = answer["FunctionArn"]
    work.only(Version=answer["Version"], FunctionArn=answer["FunctionArn"])
    yield from _provision(work, answer["FunctionArn"].rsplit(":", 1)[0], answer["Version"])


def _provision(work: Work, function: str, qualifier: str) -> Steps:
    if work.changed("ProvisionedConcurrencyConfig"):
        where = {"FunctionName": function, "Qualifier": qualifier}
        given = work.get("ProvisionedConcurrencyConfig")
        if given:
            yield _api("PutProvisionedConcurrencyConfig", **where, **given)
            yield from _allocated(where)
        else:
            yield _api("DeleteProvisionedConcurrencyConfig", **where)


def _allocated(where: dict[str, Any]) -> Steps:
    """The resource is complete when its environments are there."""
    while True:
        config = yield _api("GetProvisionedConcurrencyConfig", **where)
        if config["Status"] == "FAILED":
            raise ResourceError(f"Provisioned Concurrency configuration failed to be applied. Reason: {config['StatusReason']}")
        if config["Status"] == "READY":
            return
        yield Pause(_ALLOCATION_POLL_S)


def _delete_version(work: Work) -> Steps:
    function, version = work.physical_id.rsplit(":", 1)
    yield _api("DeleteFunction", FunctionName=function, Qualifier=version)


def _routing(work: Work) -> dict[str, Any]:
    rows = (work.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or []
    return {"AdditionalVersionWeights": {str(row["FunctionVersion"]): row["FunctionWeight"] for row in rows}}


def _create_alias(work: Work) -> Steps:
    given = work.pick("FunctionName", "FunctionVersion", "Name", "Description")
    answer = yield _api("CreateAlias", **given, RoutingConfig=_routing(work))
    work.physical_id = answer["AliasArn"]
    work.only(AliasArn=answer["AliasArn"])
    yield from _provision(work, str(given["FunctionName"]), str(given["Name"]))


def _update_alias(work: Work) -> Steps:
    given = work.pick("FunctionName", "Name", "Description")
    by_rollout = (work.update_policy or {}).get("CodeDeployLambdaAliasUpdate")
    if by_rollout and work.changed("FunctionVersion"):
        yield from _shift_alias(work, by_rollout)
    elif work.changed("FunctionVersion", "RoutingConfig", "Description"):
        version = work.properties["FunctionVersion"]
        yield _api("UpdateAlias", **given, FunctionVersion=version, RoutingConfig=_routing(work))
    yield from _provision(work, str(given["FunctionName"]), str(given["Name"]))


def _shift_alias(work: Work, policy: Any) -> Steps:
    """Let CodeDeploy move the alias, and wait until it has (template reference, "UpdatePolicy attribute")."""
    lent, function = work.context, str(work.properties["FunctionName"]).rsplit(":", 1)[-1]
    alias = yield _api("GetAlias", FunctionName=work.properties["FunctionName"], Name=work.properties["Name"])
    if alias["FunctionVersion"] == str(work.properties["FunctionVersion"]):
        return
    hooks = {"BeforeAllowTraffic": policy.get("BeforeAllowTrafficHook"), "AfterAllowTraffic": policy.get("AfterAllowTrafficHook")}
    content = lent.app_spec(
        function,
        str(work.properties["Name"]),
        alias["FunctionVersion"],
        str(work.properties["FunctionVersion"]),
        {name: str(hook) for name, hook in hooks.items() if hook},
    )
    revision = {"revisionType": "AppSpecContent", "appSpecContent": {"content": content}}
    names = {"applicationName": policy["ApplicationName"], "deploymentGroupName": policy["DeploymentGroupName"]}
    answer = yield Api("codedeploy", "CreateDeployment", {**names, "revision": revision})
    deployment = answer["deploymentId"]
    failure = yield Signal(lambda done: lent.deployment_ended(deployment, done))
    if failure:
        raise ResourceError(f"CodeDeploy deployment {deployment} did not succeed: {failure}")


def _delete_alias(work: Work) -> Steps:
    yield _api("DeleteAlias", **work.pick("FunctionName", "Name"))


def _create_permission(work: Work) -> Steps:
    statement = work.name("", 100)
    given = work.pick(
        "Action",
        "Principal",
        "FunctionName",
        "SourceArn",
        "SourceAccount",
        "PrincipalOrgID",
        "EventSourceToken",
        "FunctionUrlAuthType",
    )
    given |= work.pick("InvokedViaFunctionUrl")
    yield _api("AddPermission", StatementId=statement, **given)
    work.physical_id = statement
    work.only(Id=statement)


def _delete_permission(work: Work) -> Steps:
    yield _api("RemovePermission", StatementId=work.physical_id, FunctionName=work.properties["FunctionName"])


def _create_url(work: Work) -> Steps:
    given = {"FunctionName": work.properties["TargetFunctionArn"], **work.pick("Qualifier", "AuthType", "Cors", "InvokeMode")}
    answer = yield _api("CreateFunctionUrlConfig", **given)
    work.physical_id = answer["FunctionArn"]
    work.only(FunctionUrl=answer["FunctionUrl"], FunctionArn=answer["FunctionArn"])


def _update_url(work: Work) -> Steps:
    given = {"FunctionName": work.properties["TargetFunctionArn"], **work.pick("Qualifier", "AuthType", "InvokeMode")}
    yield _api("UpdateFunctionUrlConfig", **given, Cors=work.get("Cors") or {})


def _delete_url(work: Work) -> Steps:
    yield _api("DeleteFunctionUrlConfig", FunctionName=work.properties["TargetFunctionArn"], **work.pick("Qualifier"))


def _create_layer(work: Work) -> Steps:
    given = work.pick("Content", "Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo")
    answer = yield _api("PublishLayerVersion", LayerName=work.name("LayerName", 140), **given)
    work.physical_id = answer["LayerVersionArn"]
    work.only(LayerVersionArn=work.physical_id)


def _delete_layer(work: Work) -> Steps:
    layer, version = work.physical_id.rsplit(":", 1)
    yield _api("DeleteLayerVersion", LayerName=layer, VersionNumber=version)


def _layer_permission(work: Work) -> Steps:
    layer, version = str(work.properties["LayerVersionArn"]).rsplit(":", 1)
    given = work.pick("Action", "Principal", "OrganizationId")
    work.physical_id = work.name("", 100)
    yield _api("AddLayerVersionPermission", LayerName=layer, VersionNumber=version, StatementId=work.physical_id, **given)


def _delete_layer_permission(work: Work) -> Steps:
    layer, version = str(work.properties["LayerVersionArn"]).rsplit(":", 1)
    yield _api("RemoveLayerVersionPermission", LayerName=layer, VersionNumber=version, StatementId=work.physical_id)


_MAPPING = (
    "FunctionName BatchSize BisectBatchOnFunctionError DestinationConfig Enabled FilterCriteria FunctionResponseTypes KmsKeyArn "
    "LoggingConfig MaximumBatchingWindowInSeconds MaximumRecordAgeInSeconds MaximumRetryAttempts MetricsConfig "
    "ParallelizationFactor "
    "ProvisionedPollerConfig ScalingConfig SourceAccessConfigurations TumblingWindowInSeconds DocumentDBEventSourceConfig"
)
_MAPPING_FIXED = (
    "EventSourceArn StartingPosition StartingPositionTimestamp Queues Topics SelfManagedEventSource "
    "AmazonManagedKafkaEventSourceConfig SelfManagedKafkaEventSourceConfig"
)


def _mapping(work: Work, *names: str) -> dict[str, Any]:
    given = work.pick(*names)
    if "KmsKeyArn" in given:
        given["KMSKeyArn"] = given.pop("KmsKeyArn")
    return given


def _create_mapping(work: Work) -> Steps:
    answer = yield _api("CreateEventSourceMapping", **_mapping(work, *_MAPPING.split(), *_MAPPING_FIXED.split()))
    work.physical_id = answer["UUID"]
    work.only(Id=answer["UUID"], EventSourceMappingArn=answer.get("EventSourceMappingArn", ""))


def _update_mapping(work: Work) -> Steps:
    unset: dict[str, Any] = {"FilterCriteria": {}, "ScalingConfig": {}, "FunctionResponseTypes": [], "DestinationConfig": {}}
    unset = {name: value for name, value in unset.items() if name in work.old and name not in work.properties}
    yield _api("UpdateEventSourceMapping", UUID=work.physical_id, **_mapping(work, *_MAPPING.split()), **unset)


def _delete_mapping(work: Work) -> Steps:
    yield _api("DeleteEventSourceMapping", UUID=work.physical_id)


def _put_invoke(work: Work) -> Steps:
    given = work.pick("FunctionName", "Qualifier", "DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")
    yield _api("PutFunctionEventInvokeConfig", **given)
    work.physical_id = f"{work.properties['FunctionName']}|{work.properties['Qualifier']}"


def _delete_invoke(work: Work) -> Steps:
    yield _api("DeleteFunctionEventInvokeConfig", **work.pick("FunctionName", "Qualifier"))


def _create_signing(work: Work) -> Steps:
    given = work.pick("AllowedPublishers", "CodeSigningPolicies", "Description")
    answer = yield _api("CreateCodeSigningConfig", **given)
    config = answer["CodeSigningConfig"]
    work.physical_id = config["CodeSigningConfigArn"]
    work.only(CodeSigningConfigArn=work.physical_id, CodeSigningConfigId=config["CodeSigningConfigId"])


def _update_signing(work: Work) -> Steps:
    given = work.pick("AllowedPublishers", "CodeSigningPolicies", "Description")
    yield _api("UpdateCodeSigningConfig", CodeSigningConfigArn=work.physical_id, **given)


def _delete_signing(work: Work) -> Steps:
    yield _api("DeleteCodeSigningConfig", CodeSigningConfigArn=work.physical_id)


kind(
    "AWS::Lambda::Function", _create_function, _delete_function, _update_function, read=_read_function,
    props=f"{' '.join(_CONFIG)} KmsKeyArn Architectures CodeSigningConfigArn ReservedConcurrentExecutions RecursiveLoop "
    "RuntimeManagementConfig Tags",
    required="Code Role", fixed="FunctionName PackageType",
)  # fmt: skip
kind(
    "AWS::Lambda::Version", _create_version, _delete_version,
    props="CodeSha256 Description ProvisionedConcurrencyConfig", required="FunctionName",
)  # fmt: skip
kind(
    "AWS::Lambda::Alias", _create_alias, _delete_alias, _update_alias,
    props="Description RoutingConfig ProvisionedConcurrencyConfig", required="FunctionVersion", fixed="FunctionName Name",
)  # fmt: skip
kind(
    "AWS::Lambda::Permission", _create_permission, _delete_permission,
    props="SourceArn SourceAccount PrincipalOrgID EventSourceToken FunctionUrlAuthType InvokedViaFunctionUrl",
    required="Action FunctionName Principal",
)  # fmt: skip
kind(
    "AWS::Lambda::Url", _create_url, _delete_url, _update_url,
    props="Cors InvokeMode", required="AuthType", fixed="TargetFunctionArn Qualifier",
)  # fmt: skip
kind(
    "AWS::Lambda::LayerVersion", _create_layer, _delete_layer,
    props="Description CompatibleRuntimes CompatibleArchitectures LicenseInfo LayerName", required="Content",
)  # fmt: skip
kind(
    "AWS::Lambda::LayerVersionPermission", _layer_permission, _delete_layer_permission,
    props="OrganizationId", required="Action LayerVersionArn Principal",
)  # fmt: skip
kind("AWS::Lambda::EventSourceMapping", _create_mapping, _delete_mapping, _update_mapping, props=_MAPPING, fixed=_MAPPING_FIXED)
kind(
    "AWS::Lambda::EventInvokeConfig", _put_invoke, _delete_invoke, _put_invoke,
    props="DestinationConfig MaximumEventAgeInSeconds MaximumRetryAttempts", fixed="FunctionName Qualifier",
)  # fmt: skip
kind(
    "AWS::Lambda::CodeSigningConfig", _create_signing, _delete_signing, _update_signing,
    props="CodeSigningPolicies Description", required="AllowedPublishers",
)  # fmt: skip
