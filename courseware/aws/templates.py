"""What a CloudFormation or SAM template would open to the world, and which names it fixes: read as text, before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.deployment.template import parse
from sandbox.errors import AwsError

# Properties that are a resource's physical name.
_NAMES_WORDS = (
    "FunctionName RoleName QueueName TableName BucketName TopicName StateMachineName AlarmName LogGroupName "
    "DashboardName ApplicationName LayerName SecretName ManagedPolicyName UserName"
)
_NAMES = frozenset(_NAMES_WORDS.split())


def open_resources(text: str) -> Iterator[str]:
    """Logical ids of resources that let anybody in; a template that cannot be read has none, for AWS will refuse it."""
    template = _read(text)
    for name, resource in _resources(template):
        kind, properties = str(resource.get("Type", "")), resource.get("Properties") or {}
        if _is_open(kind, properties, template.get("Globals") or {}):
            yield name


def fixed_names(text: str) -> Iterator[str]:
    """Physical names written into the template as plain text."""
    for _, resource in _resources(_read(text)):
        kind, properties = str(resource.get("Type", "")), resource.get("Properties") or {}
        # Of the resources that make something under a name of their own; a permission's FunctionName only refers to one.
        own = "FunctionName" not in properties or kind in {"AWS::Lambda::Function", "AWS::Serverless::Function"}
        yield from (value for key, value in properties.items() if own and key in _NAMES and isinstance(value, str))


def _is_open(kind: str, properties: Mapping[str, Any], shared: Mapping[str, Any]) -> bool:
    if kind == "AWS::Lambda::Url":
        return str(properties.get("AuthType")) == "NONE"
    if kind == "AWS::Lambda::Permission":
        narrowed = any(properties.get(key) for key in ("SourceArn", "SourceAccount", "PrincipalOrgID"))
        return properties.get("Principal") == "*" and not narrowed
    if kind == "AWS::ApiGatewayV2::Route":
        return str(properties.get("AuthorizationType", "NONE")) == "NONE"
    if kind == "AWS::ApiGateway::Method":
        return properties.get("AuthorizationType", "NONE") == "NONE" and not properties.get("ApiKeyRequired")
    if kind == "AWS::Serverless::Function":
        return _open_function(properties, shared)
    if kind in {"AWS::Serverless::Api", "AWS::Serverless::HttpApi"}:
        return not _authorized(properties, shared.get(kind.rpartition("::")[2]))
    if kind == "AWS::S3::Bucket":
        return str(properties.get("AccessControl", "")).startswith("Public") or "PublicAccessBlockConfiguration" in properties
    return "PolicyDocument" in properties and _names_everybody(properties["PolicyDocument"])


def _open_function(properties: Mapping[str, Any], shared: Mapping[str, Any]) -> bool:
    url = properties.get("FunctionUrlConfig") or {}
    if url and url.get("AuthType") == "NONE":
        return True
    for event in (properties.get("Events") or {}).values():
        kind, wish = str(event.get("Type", "")), event.get("Properties") or {}
        # An event that names an API of its own is judged with that API.
        own_api = wish.get("RestApiId") or wish.get("ApiId")
        if kind in {"Api", "HttpApi"} and not own_api and not _authorized(wish, shared.get(kind)):
            return True
    return False


def _authorized(properties: Mapping[str, Any], shared: Any) -> bool:
    auth = {**((shared or {}).get("Auth") or {}), **(properties.get("Auth") or {})}
    return any(value not in (None, "NONE", False) for key, value in auth.items() if key in _AUTHORIZING)


_AUTHORIZING = frozenset({"DefaultAuthorizer", "Authorizer", "ApiKeyRequired", "ResourcePolicy"})


def _names_everybody(document: Any) -> bool:
    rows = document.get("Statement", []) if isinstance(document, dict) else []
    found = [row for row in (rows if isinstance(rows, list) else [rows]) if isinstance(row, dict)]
    return any(
        row.get("Principal") in ("*", {"AWS": "*"}) and row.get("Effect") == "Allow" and not row.get("Condition") for row in found
    )


def _resources(template: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    resources = template.get("Resources")
    if isinstance(resources, dict):
        yield from ((str(name), row) for name, row in resources.items() if isinstance(row, dict))


def _read(text: str) -> dict[str, Any]:
    try:
        return parse(text) if text.strip() else {}
    except AwsError:
        return {}
