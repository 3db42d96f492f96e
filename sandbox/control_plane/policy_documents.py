"""Policy documents are refused before they are stored: moto checks IAM's identity policies only, and not their size.

Codes are the services' own for a document they cannot read; of resource policies only the JSON itself is looked at.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.iam import policy

if TYPE_CHECKING:
    from sandbox.control_plane.services import Services

_IAM: dict[str, tuple[str, policy.Kind, str]] = {  # operation: member, kind, member that names the holder
    "CreateRole": ("AssumeRolePolicyDocument", "trust", "RoleName"),
    "UpdateAssumeRolePolicy": ("PolicyDocument", "trust", "RoleName"),
    "CreatePolicy": ("PolicyDocument", "managed", "PolicyName"),
    "CreatePolicyVersion": ("PolicyDocument", "managed", "PolicyArn"),
    "PutUserPolicy": ("PolicyDocument", "user", "UserName"),
    "PutGroupPolicy": ("PolicyDocument", "group", "GroupName"),
    "PutRolePolicy": ("PolicyDocument", "role", "RoleName"),
}
_UNREADABLE = {  # service: code, message
    "s3": ("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'"),
    "sqs": ("InvalidAttributeValue", "Invalid value for the parameter Policy."),
    "sns": ("InvalidParameter", "Invalid parameter: Policy Error: null"),
    "kms": ("MalformedPolicyDocumentException", "The new key policy is not valid JSON."),
    "secretsmanager": ("MalformedPolicyDocumentException", "This resource policy contains a syntax error."),
}
_MEMBERS = {  # operations whose members hold a policy, by name or inside Attributes
    "PutBucketPolicy": "Policy",
    "PutKeyPolicy": "Policy",
    "CreateKey": "Policy",
    "PutResourcePolicy": "ResourcePolicy",
}


def check_iam(call: ParsedCall, _account_id: str, _region: str) -> None:
    """AwsError in IAM's words; the quota of all inline policies together is not summed up."""
    known = _IAM.get(call.operation)
    if known is not None:
        member, kind, holder = known
        policy.parse(str(call.params.get(member) or ""), kind, holder=str(call.params.get(holder) or ""))


def check_resource(call: ParsedCall, _account_id: str, _region: str) -> None:
    text = _policy_in(call)
    if text and not _is_object(text):
        code, message = _UNREADABLE[call.service]
        raise AwsError(code, message, 400)


def _policy_in(call: ParsedCall) -> str:
    params = call.params
    if call.operation in _MEMBERS:
        found: Any = params.get(_MEMBERS[call.operation])
    elif call.operation == "SetTopicAttributes":
        found = params.get("AttributeValue") if params.get("AttributeName") == "Policy" else None
    else:
        attributes = params.get("Attributes")
        found = attributes.get("Policy") if isinstance(attributes, dict) else None
    return found if isinstance(found, str) else ""


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def install(services: Services) -> None:
    services.before.setdefault("iam", []).append(check_iam)
    for service in _UNREADABLE:
        services.before.setdefault(service, []).append(check_resource)
