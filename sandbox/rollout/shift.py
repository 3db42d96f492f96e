"""What an AppSpec asks for: one alias, the version it points to, the version it is to point to, and the hooks.

CodeDeploy user guide, "AppSpec file structure for AWS Lambda deployments": YAML or JSON, ``version`` 0.0, one function.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import AwsError

HOOKS = ("BeforeAllowTraffic", "AfterAllowTraffic")
_CONTENT_CHARS_MAX = 100_000  # a bound of ours; an AppSpec is a few lines
_MISSING = (
    "The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration is missing or has an "
    "invalid configuration."
)

Fetch = Callable[[str, str, str], bytes]
"""Bucket, key, version: the bytes of an AppSpec kept in S3."""


class AppSpecError(Exception):
    """Why the AppSpec cannot be followed; the deployment fails with this text (INVALID_LAMBDA_CONFIGURATION)."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{_MISSING} {why}")


@dataclass(frozen=True, slots=True)
class Shift:
    function: str
    alias: str
    current: str
    target: str
    hooks: Mapping[str, str] = field(default_factory=dict, hash=False)


def content_of(revision: Mapping[str, Any], fetch: Fetch) -> str:
    """The AppSpec's text. AwsError for a kind of revision that Lambda deployments do not take, or a checksum that is wrong."""
    kind = revision.get("revisionType")
    if kind == "S3":
        place = revision.get("s3Location") or {}
        if not place.get("bucket") or not place.get("key"):
            raise AwsError("InvalidRevisionException", "The S3 location needs a bucket and a key.")
        return fetch(place["bucket"], place["key"], place.get("version", "")).decode()
    held = revision.get({"String": "string", "AppSpecContent": "appSpecContent"}.get(str(kind), "")) or {}
    content = str(held.get("content") or "")
    if not content:
        raise AwsError("InvalidRevisionException", "The revision must hold an AppSpec file for a Lambda deployment.")
    digest = held.get("sha256")
    if digest and digest.lower() != hashlib.sha256(content.encode()).hexdigest():
        raise AwsError("InvalidRevisionException", "The SHA256 hash of the AppSpec content does not match the given one.")
    return content


def read(content: str) -> Shift:
    """Raises AppSpecError, which names what is missing."""
    if len(content) > _CONTENT_CHARS_MAX:
        raise AppSpecError("It is too long.")
    document = _parsed(content)
    resources = document.get("Resources")
    functions = [one for entry in resources or () if isinstance(entry, dict) for one in entry.values()]
    if not isinstance(resources, list) or len(functions) != 1 or not isinstance(functions[0], dict):
        raise AppSpecError("Resources must hold exactly one function.")
    if functions[0].get("Type") != "AWS::Lambda::Function":
        raise AppSpecError("The type of the resource must be AWS::Lambda::Function.")
    properties = functions[0].get("Properties") or {}
    for name in ("Name", "Alias", "CurrentVersion", "TargetVersion"):
        if not properties.get(name):
            raise AppSpecError(f"{name} is missing.")
    named = {name: str(value) for name, value in properties.items()}
    versions = (named["CurrentVersion"], named["TargetVersion"])
    shift = Shift(named["Name"], named["Alias"], *versions, _hooks(document))
    if shift.current == shift.target:
        raise AppSpecError("CurrentVersion and TargetVersion are the same.")
    return shift


def written(shift: Shift) -> str:
    """The AppSpec for a shift, as CloudFormation writes one for an alias."""
    properties = {
        "Name": shift.function,
        "Alias": shift.alias,
        "CurrentVersion": shift.current,
        "TargetVersion": shift.target,
    }
    return json.dumps(
        {
            "version": 0.0,
            "Resources": [{shift.function: {"Type": "AWS::Lambda::Function", "Properties": properties}}],
            "Hooks": [{name: function} for name, function in shift.hooks.items()],
        }
    )


def _parsed(content: str) -> dict[str, Any]:
    import yaml  # noqa: PLC0415  # 40 ms that only a deployment needs

    try:
        document = yaml.safe_load(content)  # JSON is YAML
    except yaml.YAMLError as error:
        raise AppSpecError("It is neither YAML nor JSON.") from error
    if not isinstance(document, dict) or str(document.get("version")) != "0.0":
        raise AppSpecError("The version must be 0.0.")
    return document


def _hooks(document: Mapping[str, Any]) -> dict[str, str]:
    hooks: dict[str, str] = {}
    for entry in document.get("Hooks") or ():
        for name, function in (entry if isinstance(entry, dict) else {}).items():
            if name not in HOOKS:
                raise AppSpecError(f"{name} is not a lifecycle event of a Lambda deployment.")
            hooks[name] = str(function)
    return hooks
