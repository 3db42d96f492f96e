"""KMS (developer guide, "AWS KMS permissions" and "AWS KMS condition keys"). An alias is asked on the key it points to."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.iam.operations.request import Request, Rule, Rules, everything, table
from sandbox.iam.verdict import Check, ContextValue

# parameter → condition key
_KEYS: Final[Mapping[str, str]] = {
    "CustomerMasterKeySpec": "kms:CustomerMasterKeySpec",
    "EncryptionAlgorithm": "kms:EncryptionAlgorithm",
    "ExpirationModel": "kms:ExpirationModel",
    "GranteePrincipal": "kms:GranteePrincipal",
    "KeyPairSpec": "kms:DataKeyPairSpec",
    "KeySpec": "kms:KeySpec",
    "KeyUsage": "kms:KeyUsage",
    "MacAlgorithm": "kms:MacAlgorithm",
    "MessageType": "kms:MessageType",
    "MultiRegion": "kms:MultiRegion",
    "Origin": "kms:KeyOrigin",
    "PendingWindowInDays": "kms:ScheduleKeyDeletionPendingWindowInDays",
    "PrimaryRegion": "kms:PrimaryRegion",
    "ReplicaRegion": "kms:ReplicaRegion",
    "RetiringPrincipal": "kms:RetiringPrincipal",
    "RotationPeriodInDays": "kms:RotationPeriodInDays",
    "SigningAlgorithm": "kms:SigningAlgorithm",
    "WrappingAlgorithm": "kms:WrappingAlgorithm",
    "WrappingKeySpec": "kms:WrappingKeySpec",
}


def _key(request: Request, text: str) -> str:
    """The ARN of the key that an id, ARN, alias name or alias ARN means."""
    if text.startswith("alias/") or (text.startswith("arn:") and ":alias/" in text):
        return request.where.find("kms:alias", text) or (text if text.startswith("arn:") else request.arn(text))
    return request.named("key/{}", text)


def _context(request: Request, encryption: str = "EncryptionContext", text: str = "") -> dict[str, ContextValue | None]:
    found: dict[str, ContextValue | None] = {"kms:CallerAccount": request.where.principal.account_id}
    for parameter, key in _KEYS.items():
        value = request.params.get(parameter)
        if value is not None:
            found[key] = str(value).lower() if isinstance(value, bool) else str(value)
    pairs = request.part(encryption)
    for name, value in pairs.items():
        found[f"kms:EncryptionContext:{name}"] = str(value)
    found["kms:EncryptionContextKeys"] = [str(name) for name in pairs]
    found["kms:GrantOperations"] = request.texts("Operations")
    if "alias/" in text:
        found["kms:RequestAlias"] = "alias/" + text.partition("alias/")[2]
    if request.params.get("BypassPolicyLockoutSafetyCheck") is not None:
        found["kms:BypassPolicyLockoutSafetyCheck"] = str(request.params["BypassPolicyLockoutSafetyCheck"]).lower()
    return found


def _on_key(request: Request) -> Iterable[Check]:
    text = request.text("KeyId")
    arn = _key(request, text) if text else "*"
    return [request.own(arn, _context(request, text=text))]


def _from_ciphertext(request: Request, parameter: str) -> str:
    """Symmetric ciphertext names its key; only the account can read it."""
    blob: Any = request.params.get(parameter)
    if isinstance(blob, bytes):
        return request.where.find("kms:ciphertext", base64.b64encode(blob).decode("ascii")) or "*"
    return "*"


def _decrypt(request: Request) -> Iterable[Check]:
    text = request.text("KeyId")
    arn = _key(request, text) if text else _from_ciphertext(request, "CiphertextBlob")
    return [request.own(arn, _context(request, text=text))]


def _re_encrypt(request: Request) -> Iterable[Check]:
    source, target = request.text("SourceKeyId"), request.text("DestinationKeyId")
    source_arn = _key(request, source) if source else _from_ciphertext(request, "CiphertextBlob")
    return [
        request.check("ReEncryptFrom", source_arn, _context(request, "SourceEncryptionContext", source)),
        request.check("ReEncryptTo", _key(request, target), _context(request, "DestinationEncryptionContext", target)),
    ]


def _alias(request: Request) -> Iterable[Check]:
    """Permission is needed on the alias and on the key: for UpdateAlias on both keys."""
    name = request.text("AliasName")
    arns = [request.arn(name)]
    if request.text("TargetKeyId"):
        arns.append(_key(request, request.text("TargetKeyId")))
    if request.operation != "CreateAlias":
        arns.append(request.where.find("kms:alias", name))
    return [request.own(arn, {"kms:RequestAlias": name}) for arn in dict.fromkeys(arns) if arn]


def _create(request: Request) -> Iterable[Check]:
    checks = [request.own("*", _context(request))]
    if request.rows("Tags"):
        checks.append(request.check("TagResource", "*"))
    return checks


_ON_KEY: Final = (
    "CancelKeyDeletion CreateGrant Decapsulate DeleteImportedKeyMaterial DeriveSharedSecret DescribeKey DisableKey "
    "DisableKeyRotation EnableKey EnableKeyRotation Encapsulate Encrypt GenerateDataKey GenerateDataKeyPair "
    "GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac GetKeyLastUsage GetKeyPolicy "
    "GetKeyRotationStatus GetParametersForImport GetPublicKey ImportKeyMaterial ListGrants ListKeyPolicies ListKeyRotations "
    "ListResourceTags PutKeyPolicy ReplicateKey RetireGrant RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion Sign "
    "TagResource UntagResource UpdateKeyDescription UpdatePrimaryRegion Verify VerifyMac"
)
_ALIASES: Final[dict[str, Rule]] = dict.fromkeys(("CreateAlias", "DeleteAlias", "UpdateAlias"), _alias)

RULES: Rules = {
    **table(
        {
            everything: (
                "ConnectCustomKeyStore CreateCustomKeyStore DeleteCustomKeyStore DescribeCustomKeyStores "
                "DisconnectCustomKeyStore GenerateRandom ListAliases ListKeys ListRetirableGrants UpdateCustomKeyStore"
            )
        }
    ),
    **dict.fromkeys(_ON_KEY.split(), _on_key),
    **_ALIASES,
    "CreateKey": _create,
    "Decrypt": _decrypt,
    "ReEncrypt": _re_encrypt,
}
