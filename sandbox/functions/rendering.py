"""Versions as the API shows them. Members that were never set are absent, not empty, as in AWS's recorded answers."""

from __future__ import annotations

from typing import Any

from sandbox.functions.caller import Result
from sandbox.functions.function import LATEST, FunctionVersion
from sandbox.functions.moments import millis
from sandbox.functions.runtime_management import runtime_version_arn

_CREATING = "The function is being created."


def configuration(version: FunctionVersion, arn: str, *, update_status: bool = True) -> Result:
    """FunctionConfiguration. CreateFunction and a freshly published version leave the update status out."""
    shown = listed(version, arn)
    shown["RuntimeVersionConfig"] = {
        "RuntimeVersionArn": version.runtime_version_arn or runtime_version_arn(version.region, version.runtime)
    }
    shown["State"] = version.state
    if version.state == "Pending":
        shown |= {"StateReason": _CREATING, "StateReasonCode": "Creating"}
    if update_status and version.state != "Pending":
        shown["LastUpdateStatus"] = version.last_update_status
        if version.last_update_status == "InProgress":
            shown |= {"LastUpdateStatusReason": _CREATING, "LastUpdateStatusReasonCode": "Creating"}
    return shown


def listed(version: FunctionVersion, arn: str) -> Result:
    """As ListFunctions and ListVersionsByFunction show it: without state, update status and runtime version."""
    shown: Result = {
        "FunctionName": version.name,
        "FunctionArn": arn,
        "Runtime": version.runtime,
        "Role": version.role,
        "Handler": version.handler,
        "CodeSize": version.code.size,
        "Description": version.description,
        "Timeout": version.timeout_s,
        "MemorySize": version.memory_mb,
        "LastModified": millis(version.last_modified),
        "CodeSha256": version.code.sha256,
        "Version": version.version,
        "TracingConfig": {"Mode": version.tracing_mode},
        "RevisionId": version.revision_id,
        "PackageType": "Zip",
        "Architectures": list(version.architectures),
        "EphemeralStorage": {"Size": version.tmp_mb},
        "SnapStart": _snap_start(version),
        "LoggingConfig": _logging(version),
    }
    return shown | _optional(version)


def _optional(version: FunctionVersion) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if version.variables is not None:
        shown["Environment"] = {"Variables": dict(version.variables)}
    if version.layers:
        shown["Layers"] = [{"Arn": layer.arn, "CodeSize": layer.code.size} for layer in version.layers]
    if version.dead_letter_arn:
        shown["DeadLetterConfig"] = {"TargetArn": version.dead_letter_arn}
    if version.kms_key_arn:
        shown["KMSKeyArn"] = version.kms_key_arn
    if version.vpc is not None:
        shown["VpcConfig"] = dict(version.vpc)
    if version.file_systems:
        shown["FileSystemConfigs"] = [dict(each) for each in version.file_systems]
    return shown


def _snap_start(version: FunctionVersion) -> dict[str, str]:
    """Only a published version is ever optimised."""
    on = version.snap_start == "PublishedVersions" and version.version != LATEST
    return {"ApplyOn": version.snap_start, "OptimizationStatus": "On" if on else "Off"}


def _logging(version: FunctionVersion) -> dict[str, str]:
    shown = {"LogFormat": version.logging.log_format, "LogGroup": version.log_group}
    if version.logging.log_format == "JSON":
        shown |= {"ApplicationLogLevel": version.logging.application_level, "SystemLogLevel": version.logging.system_level}
    return shown
