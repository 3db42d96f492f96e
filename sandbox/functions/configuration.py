"""From the members of a create or update call to the fields of a version, checked the way Lambda itself checks them.

What the API model can check (lengths, patterns, enums) has been checked before; see constraints.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sandbox import facts
from sandbox.functions import refusals
from sandbox.functions.caller import Params
from sandbox.functions.function import FunctionVersion, LayerRef, Logging
from sandbox.functions.layers import locate_layer
from sandbox.functions.registry import Registry
from sandbox.functions.runtimes import require_snap_start

_RESERVED = {  # Lambda developer guide, "Reserved environment variables"
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
}
_LEFT_OUT = (
    "ImageConfig", "TenancyConfig", "CapacityProviderConfig", "DurableConfig", "RuntimeConfig", "AcceleratorConfig", "PublishTo",
)  # fmt: skip
_PLAIN = {"Description": "description", "Role": "role", "Handler": "handler", "Timeout": "timeout_s", "MemorySize": "memory_mb"}
_UNABLE = "Lambda was unable to configure your environment variables because the environment variables you have provided"


def refuse_left_out(params: Params) -> None:
    for member in _LEFT_OUT:
        if params.get(member):
            raise refusals.unsupported(member)
    if params.get("PackageType") == "Image":
        raise refusals.unsupported("PackageType Image (container images); use a .zip package, which")


def changes(params: Params, base: FunctionVersion, registry: Registry) -> dict[str, Any]:
    """Fields of ``base`` that ``params`` sets, for dataclasses.replace; members a caller left out stay as they are."""
    fields: dict[str, Any] = {field: params[member] for member, field in _PLAIN.items() if params.get(member) is not None}
    if "Environment" in params:
        fields["variables"] = variables(params["Environment"] or {})
    if params.get("EphemeralStorage"):
        fields["tmp_mb"] = params["EphemeralStorage"]["Size"]
    if "DeadLetterConfig" in params:
        fields["dead_letter_arn"] = _dead_letter((params["DeadLetterConfig"] or {}).get("TargetArn") or "")
    if "KMSKeyArn" in params:
        fields["kms_key_arn"] = _key(params["KMSKeyArn"] or "")
    if (params.get("TracingConfig") or {}).get("Mode"):
        fields["tracing_mode"] = params["TracingConfig"]["Mode"]
    if params.get("VpcConfig") is not None:
        fields["vpc"] = _vpc(params["VpcConfig"], partial(registry.vpc_of, base.account_id, base.region))
    if params.get("FileSystemConfigs") is not None:
        fields["file_systems"] = tuple(dict(each) for each in params["FileSystemConfigs"])
    if params.get("LoggingConfig") is not None:
        fields["logging"] = logging(params["LoggingConfig"], base.logging)
    if params.get("Layers") is not None:
        fields["layers"] = layer_refs(params["Layers"], base.account_id, base.region, registry)
    return fields


def with_snap_start(params: Params, version: FunctionVersion) -> FunctionVersion:
    """Needs the runtime the same call may have changed, hence after the other changes."""
    apply_on = (params.get("SnapStart") or {}).get("ApplyOn")
    if apply_on is None:
        return version
    if apply_on != "None":
        require_snap_start(version.runtime)
        if version.tmp_mb > facts.default("tmp_mb"):
            raise refusals.invalid("SnapStart is not supported with ephemeral storage larger than 512 MB.")
    return replace(version, snap_start=apply_on)


def variables(environment: Mapping[str, Any]) -> dict[str, str]:
    """The 4 KB are measured as AWS says it measures them: compact JSON. Recorded: test_lambda_api, "large environment"."""
    given = dict(environment.get("Variables") or {})
    reserved = [name for name in given if name in _RESERVED]
    if reserved:
        raise refusals.invalid(
            f"{_UNABLE} contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
    measured = json.dumps(given, separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) > facts.limit("environment_bytes"):
        raise refusals.invalid(f"{_UNABLE} exceeded the 4KB limit. String measured: {measured}")
    return given


def logging(given: Mapping[str, Any], before: Logging) -> Logging:
    """A partial update. Turning to JSON sets both levels to INFO unless they are given; turning to Text clears them."""
    log_format = given.get("LogFormat") or before.log_format
    group = given.get("LogGroup") or before.log_group
    if log_format == "Text":
        if given.get("ApplicationLogLevel") or given.get("SystemLogLevel"):
            raise refusals.invalid("ApplicationLogLevel and SystemLogLevel can be set only when LogFormat is JSON.")
        return Logging(log_format="Text", log_group=group)
    return Logging(
        log_format="JSON",
        application_level=given.get("ApplicationLogLevel") or before.application_level or "INFO",
        system_level=given.get("SystemLogLevel") or before.system_level or "INFO",
        log_group=group,
    )


def layer_refs(arns: Sequence[str], account_id: str, region: str, registry: Registry) -> tuple[LayerRef, ...]:
    """Another account's layer must exist too; whether the caller may read it is the gate's question."""
    if len(arns) > facts.limit("layers"):
        raise refusals.invalid(f"Cannot reference more than {facts.limit('layers')} layers.")
    seen: dict[str, str] = {}
    refs: list[LayerRef] = []
    for arn in arns:
        where = locate_layer(arn, account_id, region)
        found = registry.layer_version(arn)
        if where.region != region:
            raise refusals.invalid(
                f"Layers are not in the same region as the function. Layers are expected to be in region {region}."
            )
        if found is None:
            raise refusals.invalid(f"Layer version {arn} does not exist.")
        if where.arn in seen:
            raise refusals.invalid(
                "Two different versions of the same layer are not allowed to be referenced in the same function. "
                f"{seen[where.arn]} and {arn} are versions of the same layer."
            )
        seen[where.arn] = arn
        refs.append(LayerRef(arn=arn, code=found.code))
    return tuple(refs)


def _dead_letter(arn: str) -> str:
    if arn and arn.split(":")[2:3] not in (["sqs"], ["sns"]):
        raise refusals.invalid(f"The provided dead letter config TargetArn {arn} is invalid. Use an SQS queue or an SNS topic.")
    return arn


def _key(arn: str) -> str:
    """Empty, or a key's own ARN; the text for an alias is AWS's (hashicorp/terraform 20813)."""
    where = arn.split(":", 5)
    if not arn or "".join(where[5:]).startswith("key/"):
        return arn
    why = "Key Aliases are not supported for this operation." if ":alias/" in arn else f"Invalid arn {arn}"
    raise refusals.invalid(
        "Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. "
        f"Please check your KMS key settings. KMS Exception: InvalidArnException KMS Message: {why}"
    )


def _vpc(given: Mapping[str, Any], vpc_of: Callable[[str], str]) -> dict[str, Any]:
    """An empty list of subnets leaves the VPC. Where its calls get to from there, ``sandbox.network`` knows."""
    subnets = list(given.get("SubnetIds") or [])
    groups = list(given.get("SecurityGroupIds") or [])
    stored: dict[str, Any] = {"SubnetIds": subnets, "SecurityGroupIds": groups, "VpcId": vpc_of(subnets[0]) if subnets else ""}
    if "Ipv6AllowedForDualStack" in given:
        stored["Ipv6AllowedForDualStack"] = given["Ipv6AllowedForDualStack"]
    return stored
