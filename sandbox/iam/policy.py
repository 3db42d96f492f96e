"""Policy documents as the IAM API accepts them: parsed, checked in IAM's order, refused in IAM's words.

The order and the sentences are those recorded from AWS for ``CreatePolicy`` and ``CreateRole`` (moto's ``test_iam_policies``
keeps them): grammar, version, legacy parser, Sids, actions, resources, principals; only the first fault is told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NoReturn

from sandbox import facts
from sandbox.errors import AwsError
from sandbox.iam.conditions import date_is_readable, spelling
from sandbox.iam.statement import statements_of, texts

Kind = Literal["managed", "user", "group", "role", "trust", "session", "resource"]  # user, group, role: inline policies

_TOP: Final = frozenset({"Version", "Id", "Statement"})
_ELEMENTS: Final = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
_PARTITIONS: Final = frozenset({"*", "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"})
_IAM_PATHS: Final = (
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
)
_TRUST_ACTIONS: Final = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext", "sts:*")


def parse(text: str, kind: Kind, *, holder: str = "", others_chars: int = 0) -> dict[str, Any]:
    """The document, or AwsError ``MalformedPolicyDocument`` / ``LimitExceeded``.

    ``holder`` names the user, group or role of an inline policy; ``others_chars`` is what its other inline policies take up.
    """
    check_size(text, kind, holder=holder, others_chars=others_chars)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        _malformed("This policy contains invalid Json" if kind == "trust" else "Syntax errors in policy.")
    validate(document, kind)
    return dict(document)


def check_size(text: str, kind: Kind, *, holder: str = "", others_chars: int = 0) -> None:
    """White space does not count (IAM user guide, "IAM and AWS STS quotas"); all inline policies of one holder count together."""
    size = len("".join(text.split())) + others_chars
    if kind == "resource" or size <= facts.limit(f"{kind}_policy_chars"):
        return
    most = facts.limit(f"{kind}_policy_chars")
    if kind == "managed":
        raise AwsError("LimitExceeded", f"Cannot exceed quota for PolicySize: {most}", 409)
    if kind == "trust":
        raise AwsError("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {most}", 409)
    if kind == "session":
        fault = f"Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to {most}"
        raise AwsError("ValidationError", f"1 validation error detected: {fault}")
    raise AwsError("LimitExceeded", f"Maximum policy size of {most} bytes exceeded for {kind} {holder}", 409)


def validate(document: Any, kind: Kind) -> None:
    """Raises AwsError for the first fault AWS would find."""
    if not _grammatical(document):
        _malformed("Syntax errors in policy.")
    if kind not in ("trust", "resource") and document.get("Version") != "2012-10-17":
        _malformed("Policy document must be version 2012-10-17 or greater.")
    rows = statements_of(document)
    if not all(_legacy(row) for row in rows):
        _malformed("The policy failed legacy parsing")
    sids = [row["Sid"] for row in rows if row.get("Sid")]
    if len(sids) != len(set(sids)):
        _malformed("Statement IDs (SID) in a single policy must be unique.")
    if not all(texts(row.get("Action")) or texts(row.get("NotAction")) for row in rows):
        _malformed("Policy statement must contain actions.")
    for row in rows:
        _check_resources(row)
        _check_actions(row)
    if kind == "trust":
        _check_trust(rows)
    elif kind != "resource":
        _check_identity(rows)


def _malformed(message: str) -> NoReturn:
    raise AwsError("MalformedPolicyDocument", message, 400)


def _grammatical(document: Any) -> bool:
    if not isinstance(document, dict) or not _TOP.issuperset(document) or "Statement" not in document:
        return False
    if document.get("Version", "2008-10-17") not in ("2008-10-17", "2012-10-17") or not isinstance(document.get("Id", ""), str):
        return False
    rows = document["Statement"]
    rows = [rows] if isinstance(rows, dict) else rows
    return isinstance(rows, list) and bool(rows) and all(_grammatical_statement(row) for row in rows)


def _grammatical_statement(row: Any) -> bool:
    if not isinstance(row, dict) or not _ELEMENTS.issuperset(row):
        return False
    if any(name in row and f"Not{name}" in row for name in ("Action", "Resource", "Principal")):
        return False
    if not isinstance(row.get("Effect"), str) or row["Effect"].lower() not in ("allow", "deny"):
        return False
    lists = [row[name] for name in ("Action", "NotAction", "Resource", "NotResource") if name in row]
    principals = [row[name] for name in ("Principal", "NotPrincipal") if name in row]
    return (
        isinstance(row.get("Sid", ""), str)
        and all(_is_texts(value) for value in lists)
        and all(_is_principal(value) for value in principals)
        and _is_condition(row.get("Condition", {}))
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _is_principal(value: Any) -> bool:
    if isinstance(value, str):
        return value == "*"
    kinds = {"AWS", "Service", "Federated", "CanonicalUser"}
    return isinstance(value, dict) and bool(value) and kinds.issuperset(value) and all(_is_texts(item) for item in value.values())


def _is_condition(value: Any) -> bool:
    """An unknown operator is a syntax error only when there is something in it."""
    if not isinstance(value, dict):
        return False
    for operator, keys in value.items():
        if not isinstance(keys, dict) or (keys and spelling(operator) is None):
            return False
        for given in keys.values():
            items = given if isinstance(given, list) else [given]
            if not all(isinstance(item, str | bool | int | float) for item in items):
                return False
    return True


def _legacy(row: Mapping[str, Any]) -> bool:
    """Effect in its exact spelling, dates that are dates, resources with all parts of an ARN."""
    if row["Effect"] not in ("Allow", "Deny"):
        return False
    for operator, keys in row.get("Condition", {}).items():
        found = spelling(operator)
        if found is not None and found.name.startswith("date"):
            given = [item for value in keys.values() for item in (value if isinstance(value, list) else [value])]
            if not all(date_is_readable(str(item)) for item in given):
                return False
    return all(_legacy_resource(text) for text in _resources(row))


def _legacy_resource(text: str) -> bool:
    parts = text.split(":")
    return (
        text == "*" or not text.startswith("arn:") or len(parts) < 3 or ((len(parts) >= 6 or "" not in parts) and parts[2] != "")
    )


def _resources(row: Mapping[str, Any]) -> list[str]:
    return [*texts(row.get("Resource")), *texts(row.get("NotResource"))]


def _check_resources(row: Mapping[str, Any]) -> None:
    for text in _resources(row):
        if text == "*":
            continue
        parts = text.split(":", 5)
        if len(parts) == 1 or parts[0] != "arn":
            _malformed(f'Resource {text} must be in ARN format or "*".')
        if parts[1] not in _PARTITIONS:
            filled = [*parts[2:], "*", "*", "*", "*"][:4]
            _malformed(f'Partition "{parts[1]}" is not valid for resource "arn:{parts[1]}:{":".join(filled)}".')
        if len(parts) == 2 or any(wild in parts[2] for wild in "*?"):
            _malformed("Resource vendor must be fully qualified and cannot contain regexes.")
        if len(parts) == 6:
            _check_place(text, parts)


def _check_place(text: str, parts: Sequence[str]) -> None:
    service, region, resource = parts[2], parts[3], parts[5]
    if service == "iam" and region:
        _malformed(f"IAM resource {text} cannot contain region information.")
    if service == "s3" and region and not resource.startswith("accesspoint/"):
        _malformed(f"Resource {text} can not contain region information.")
    if service == "iam" and resource != "*" and not resource.startswith(_IAM_PATHS):
        _malformed(f'IAM resource path must either be "*" or start with {", ".join(_IAM_PATHS)}.')


def _check_actions(row: Mapping[str, Any]) -> None:
    for text in [*texts(row.get("Action")), *texts(row.get("NotAction"))]:
        vendor, colon, name = text.partition(":")
        if text == "*":
            continue
        if not colon:
            _malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
        if ":" in name:
            _malformed("Actions/Condition can contain only one colon.")
        if vendor != "*" and not vendor.replace("-", "").replace(".", "").isalnum():
            _malformed(f"Vendor {vendor} is not valid")


def _check_identity(rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        if "Principal" in row or "NotPrincipal" in row:
            _malformed("Policy document should not specify a principal.")
        if not _resources(row):
            _malformed("Policy statement must contain resources.")


def _check_trust(rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        if "Resource" in row or "NotResource" in row:
            _malformed("Has prohibited field Resource")
        if "Principal" not in row and "NotPrincipal" not in row:
            _malformed("Missing required field Principal")
        actions = [text.lower() for text in [*texts(row.get("Action")), *texts(row.get("NotAction"))]]
        if not all(action.startswith(_TRUST_ACTIONS) for action in actions):
            _malformed("AssumeRole policy may only specify STS AssumeRole actions.")
