"""What a request would let anybody in the world do, and the call that takes it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from courseware.aws.templates import open_resources

_CLOSED_BUCKET = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
# A statement for everybody is narrow when one of these says whose requests are meant (IAM user guide, "Principal": "you can
# use the Condition element to limit").
_NARROWING_WORDS = (
    "aws:sourcearn aws:sourceaccount aws:sourceorgid aws:sourceorgpaths aws:principalorgid aws:principalorgpaths "
    "aws:principalaccount aws:principalarn aws:sourcevpce aws:sourcevpc aws:userid"
)
_NARROWING = frozenset(_NARROWING_WORDS.split())
_PUBLIC_GROUPS = ("public-read", "public-read-write", "authenticated-read")


@dataclass(frozen=True, slots=True)
class Opening:
    """``what`` for the learner; ``service``, ``call`` and ``params`` close it again. Without a call, ``remove`` names the kind
    and the name of what has to go."""

    what: str
    service: str = ""
    call: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    remove: tuple[str, str] | None = None


def openings(service: str, operation: str, params: Mapping[str, Any]) -> list[Opening]:
    """Everything ``params`` would open; empty for a request that opens nothing."""
    special = _SPECIAL.get((service, operation))
    return list(special(params)) if special is not None else list(_policies(service, params))


def for_everybody(document: str) -> bool:
    """Whether a policy has an Allow for any principal that no condition narrows."""
    try:
        policy = json.loads(document)
        statements = policy["Statement"]
    except (ValueError, TypeError, KeyError):
        return False
    rows = statements if isinstance(statements, list) else [statements]
    return any(isinstance(row, dict) and row.get("Effect") == "Allow" and _anybody(row) for row in rows)


def _anybody(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    everybody = "*" in (named if isinstance(named, list) else [named]) or "NotPrincipal" in statement
    return everybody and not any(
        key.lower() in _NARROWING and "*" not in (value if isinstance(value, list) else [value])
        for test, keys in (statement.get("Condition") or {}).items()
        if test.lower() != "null" and not test.lower().endswith("ifexists")
        for key, value in keys.items()
    )


# -- one function a way of opening


def _url(params: Mapping[str, Any]) -> Iterator[Opening]:
    if params.get("AuthType") == "NONE":
        close = _only(params, "FunctionName", "Qualifier") | {"AuthType": "AWS_IAM"}
        yield Opening("the Function URL answers callers without a signature", "lambda", "update_function_url_config", close)


def _permission(params: Mapping[str, Any]) -> Iterator[Opening]:
    narrowed = any(params.get(key) for key in ("SourceArn", "SourceAccount", "PrincipalOrgID"))
    if params.get("Principal") == "*" and not narrowed:
        close = _only(params, "FunctionName", "StatementId", "Qualifier")
        yield Opening("the function's policy lets anybody call", "lambda", "remove_permission", close)


def _acl(params: Mapping[str, Any]) -> Iterator[Opening]:
    grants = any("AllUsers" in str(params.get(key)) or "AuthenticatedUsers" in str(params.get(key)) for key in params)
    if params.get("ACL") in _PUBLIC_GROUPS or grants:
        close = _only(params, "Bucket", "Key") | {"ACL": "private"}
        yield Opening("anybody may read from the bucket", "s3", "put_object_acl" if "Key" in params else "put_bucket_acl", close)


def _unblocked(params: Mapping[str, Any]) -> Iterator[Opening]:
    wish = params.get("PublicAccessBlockConfiguration", {})
    if not all(wish.get(key) for key in _CLOSED_BUCKET):
        close = {"Bucket": params["Bucket"], "PublicAccessBlockConfiguration": _CLOSED_BUCKET}
        yield Opening("the bucket no longer blocks public access", "s3", "put_public_access_block", close)


def _bucket_policy(params: Mapping[str, Any]) -> Iterator[Opening]:
    if for_everybody(str(params.get("Policy"))):
        yield Opening("the bucket's policy lets anybody in", "s3", "delete_bucket_policy", _only(params, "Bucket"))


def _route(params: Mapping[str, Any]) -> Iterator[Opening]:
    if params.get("AuthorizationType", "NONE") == "NONE":
        yield Opening("a route of the API answers without an authorizer", "apigatewayv2", "delete_api", _only(params, "ApiId"))


def _quick_api(params: Mapping[str, Any]) -> Iterator[Opening]:
    if params.get("Target"):
        yield Opening("the API answers without an authorizer", remove=("HTTP API", params["Name"]))


def _method(params: Mapping[str, Any]) -> Iterator[Opening]:
    if params.get("authorizationType") == "NONE" and not params.get("apiKeyRequired"):
        close = {"restApiId": params["restApiId"]}
        yield Opening("a method of the API answers without an authorizer", "apigateway", "delete_rest_api", close)


def _method_change(params: Mapping[str, Any]) -> Iterator[Opening]:
    opened = {"path": "/authorizationType", "value": "NONE"}
    if any(opened.items() <= row.items() for row in params.get("patchOperations", ())):
        yield from _method({**params, "authorizationType": "NONE"})


def _api_document(params: Mapping[str, Any]) -> Iterator[Opening]:
    """Imported over an API that is there: the guardrails do not read OpenAPI, so it counts as open."""
    if "restApiId" in params:
        yield Opening("an imported API may answer anybody", "apigateway", "delete_rest_api", {"restApiId": params["restApiId"]})
    else:
        yield Opening("an imported API may answer anybody", "apigatewayv2", "delete_api", _only(params, "ApiId"))


def _stack(params: Mapping[str, Any]) -> Iterator[Opening]:
    close = {"StackName": params["StackName"]}
    if params.get("TemplateURL"):
        yield Opening("a template in a bucket may open anything", "cloudformation", "delete_stack", close)
    for name in open_resources(str(params.get("TemplateBody", ""))):
        yield Opening(f"{name} of the template lets anybody in", "cloudformation", "delete_stack", close)


def _policies(service: str, params: Mapping[str, Any]) -> Iterator[Opening]:
    """Policies of queues, topics and whatever else takes one; a role's trust in everybody too."""
    documents = {**params, **{key: value for key, value in params.get("Attributes", {}).items() if isinstance(value, str)}}
    if params.get("AttributeName") == "Policy":
        documents["Policy"] = params.get("AttributeValue")
    if not any(isinstance(text, str) and text.lstrip().startswith("{") and for_everybody(text) for text in documents.values()):
        return
    if service == "sqs" and "QueueUrl" in params:
        close = {"QueueUrl": params["QueueUrl"], "Attributes": {"Policy": ""}}
        yield Opening("the queue's policy lets anybody in", "sqs", "set_queue_attributes", close)
    elif service == "sns" and "TopicArn" in params:
        yield Opening("the topic's policy lets anybody in", "sns", "delete_topic", _only(params, "TopicArn"))
    else:
        kinds = {"sqs": ("queue", "QueueName"), "sns": ("topic", "Name"), "iam": ("role", "RoleName")}
        kind, member = kinds.get(service, ("", ""))
        yield Opening("its policy lets anybody in", remove=(kind, str(params.get(member, ""))))


def _only(params: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: params[name] for name in names if params.get(name)}


_SPECIAL: Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Iterator[Opening]]] = {
    ("lambda", "CreateFunctionUrlConfig"): _url,
    ("lambda", "UpdateFunctionUrlConfig"): _url,
    ("lambda", "AddPermission"): _permission,
    ("s3", "CreateBucket"): _acl,
    ("s3", "PutBucketAcl"): _acl,
    ("s3", "PutObject"): _acl,
    ("s3", "PutObjectAcl"): _acl,
    ("s3", "PutPublicAccessBlock"): _unblocked,
    ("s3", "DeletePublicAccessBlock"): _unblocked,
    ("s3", "PutBucketPolicy"): _bucket_policy,
    ("apigatewayv2", "CreateApi"): _quick_api,
    ("apigatewayv2", "CreateRoute"): _route,
    ("apigatewayv2", "ReimportApi"): _api_document,
    ("apigateway", "PutMethod"): _method,
    ("apigateway", "UpdateMethod"): _method_change,
    ("apigateway", "PutRestApi"): _api_document,
    **{("cloudformation", name): _stack for name in ("CreateStack", "UpdateStack", "CreateChangeSet")},
}
