"""Secrets Manager. A secret's ARN ends with six characters of AWS's choosing: ``secret:NAME-??????``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sandbox.iam.operations.request import Request, Rules, everything, table
from sandbox.iam.verdict import Check, ContextValue

_KEYS: Final[Mapping[str, str]] = {
    "BlockPublicPolicy": "secretsmanager:BlockPublicPolicy",
    "Description": "secretsmanager:Description",
    "ForceDeleteWithoutRecovery": "secretsmanager:ForceDeleteWithoutRecovery",
    "KmsKeyId": "secretsmanager:KmsKeyArn",
    "Name": "secretsmanager:Name",
    "RecoveryWindowInDays": "secretsmanager:RecoveryWindowInDays",
    "RotateImmediately": "secretsmanager:RotateImmediately",
    "RotationLambdaARN": "secretsmanager:RotationLambdaARN",
    "SecretId": "secretsmanager:SecretId",
    "VersionId": "secretsmanager:VersionId",
    "VersionStage": "secretsmanager:VersionStage",
}


def _arn(request: Request, name: str) -> str:
    """While the suffix is not known it is written as ``??????``, which a policy's own ``-??????`` or ``-*`` matches."""
    if not name:
        return "*"
    if name.startswith("arn:"):
        return name
    bare = request.arn(f"secret:{name}")
    return request.where.find("secretsmanager:secret", bare) or f"{bare}-??????"


def _context(request: Request) -> dict[str, ContextValue | None]:
    found: dict[str, ContextValue | None] = {}
    for parameter, key in _KEYS.items():
        value = request.params.get(parameter)
        if value is not None:
            found[key] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def _secret(request: Request) -> Iterable[Check]:
    return [request.own(_arn(request, request.text("SecretId")), _context(request))]


def _rotate(request: Request) -> Iterable[Check]:
    """Whoever hands over a rotation function needs the right to invoke it (API reference, RotateSecret)."""
    function = request.text("RotationLambdaARN")
    invoke = [request.check("lambda:InvokeFunction", function)] if function else []
    return [*_secret(request), *invoke]


def _create(request: Request) -> Iterable[Check]:
    arn = _arn(request, request.text("Name"))
    checks = [request.own(arn, _context(request))]
    if request.rows("Tags"):
        checks.append(request.check("TagResource", arn, _context(request)))
    return checks


def _batch(request: Request) -> Iterable[Check]:
    """BatchGetSecretValue on ``*``, and GetSecretValue on each secret it names (API reference)."""
    named = [request.check("GetSecretValue", _arn(request, name)) for name in request.texts("SecretIdList")]
    listed = [] if named else [request.check("ListSecrets", "*")]
    return [request.own("*"), *listed, *named]


_OF_ONE: Final = (
    "CancelRotateSecret DeleteResourcePolicy DeleteSecret DescribeSecret GetResourcePolicy GetSecretValue ListSecretVersionIds "
    "PutResourcePolicy PutSecretValue RemoveRegionsFromReplication ReplicateSecretToRegions RestoreSecret "
    "StopReplicationToReplica TagResource UntagResource UpdateSecret UpdateSecretVersionStage ValidateResourcePolicy"
)

RULES: Rules = {
    **table({everything: "GetRandomPassword ListSecrets"}),
    **dict.fromkeys(_OF_ONE.split(), _secret),
    "CreateSecret": _create,
    "RotateSecret": _rotate,
    "BatchGetSecretValue": _batch,
}
