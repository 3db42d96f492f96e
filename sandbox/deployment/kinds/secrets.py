"""SSM parameters, secrets, keys."""

from __future__ import annotations

import json
from typing import Any

from sandbox.deployment.kind import Api, Steps, Work, kind


def _put_parameter(work: Work) -> Steps:
    exists = bool(work.physical_id)
    work.physical_id = work.physical_id or work.name("Name", 1000)
    given = work.pick("Type", "Value", "Description", "AllowedPattern", "Tier", "Policies", "DataType")
    yield Api("ssm", "PutParameter", {"Name": work.physical_id, "Overwrite": exists, **given})
    work.only(Type=work.get("Type"), Value=work.get("Value"))


def _delete_parameter(work: Work) -> Steps:
    yield Api("ssm", "DeleteParameter", {"Name": work.physical_id})


def _secret_value(work: Work) -> Steps:
    """Sets ``work.attributes['value']``: what the template gives, or a password generated into its JSON template."""
    rule = work.get("GenerateSecretString")
    value: Any = work.get("SecretString")
    if rule is not None:
        options = {name: held for name, held in rule.items() if name not in ("SecretStringTemplate", "GenerateStringKey")}
        answer = yield Api("secretsmanager", "GetRandomPassword", options)
        value = answer["RandomPassword"]
        if rule.get("GenerateStringKey"):
            value = json.dumps({**json.loads(rule.get("SecretStringTemplate") or "{}"), rule["GenerateStringKey"]: value})
    work.attributes["value"] = value


def _create_secret(work: Work) -> Steps:
    yield from _secret_value(work)
    value = work.attributes.pop("value")
    name = work.name("Name", 512)
    given = {**work.pick("Description", "KmsKeyId"), **({"SecretString": value} if value is not None else {})}
    tags = {"Tags": work.tag_list()} if work.all_tags() else {}
    answer = yield Api("secretsmanager", "CreateSecret", {"Name": name, **given, **tags})
    work.physical_id = answer["ARN"]
    work.only(Id=answer["ARN"])


def _update_secret(work: Work) -> Steps:
    given = work.pick("Description", "KmsKeyId")
    if work.changed("SecretString", "GenerateSecretString"):
        yield from _secret_value(work)
        given["SecretString"] = work.attributes.pop("value")
    yield Api("secretsmanager", "UpdateSecret", {"SecretId": work.physical_id, **given})


def _delete_secret(work: Work) -> Steps:
    yield Api("secretsmanager", "DeleteSecret", {"SecretId": work.physical_id, "ForceDeleteWithoutRecovery": True})


def _put_rotation(work: Work) -> Steps:
    """CloudFormation's guide, AWS::SecretsManager::RotationSchedule: ``Ref`` is the secret's ARN; at once unless it says not."""
    at_once = work.get("RotateImmediatelyOnUpdate") not in (False, "false")
    given = {**work.pick("RotationLambdaARN", "RotationRules"), "RotateImmediately": at_once}
    answer = yield Api("secretsmanager", "RotateSecret", {"SecretId": work.properties["SecretId"], **given})
    work.physical_id = answer["ARN"]


def _delete_rotation(work: Work) -> Steps:
    yield Api("secretsmanager", "CancelRotateSecret", {"SecretId": work.physical_id})


def _create_key(work: Work) -> Steps:
    given = work.pick("Description", "KeySpec", "KeyUsage", "MultiRegion", "Origin", "BypassPolicyLockoutSafetyCheck")
    if work.get("KeyPolicy"):
        given["Policy"] = json.dumps(work.properties["KeyPolicy"])
    answer = yield Api("kms", "CreateKey", given)
    work.physical_id = answer["KeyMetadata"]["KeyId"]
    work.only(Arn=answer["KeyMetadata"]["Arn"], KeyId=work.physical_id)
    if work.get("EnableKeyRotation") in (True, "true"):
        yield Api("kms", "EnableKeyRotation", {"KeyId": work.physical_id})


def _update_key(work: Work) -> Steps:
    if work.changed("KeyPolicy"):
        policy = json.dumps(work.properties["KeyPolicy"])
        yield Api("kms", "PutKeyPolicy", {"KeyId": work.physical_id, "PolicyName": "default", "Policy": policy})
    if work.changed("Description"):
        yield Api("kms", "UpdateKeyDescription", {"KeyId": work.physical_id, "Description": work.get("Description", "")})
    if work.changed("EnableKeyRotation"):
        on = work.get("EnableKeyRotation") in (True, "true")
        yield Api("kms", "EnableKeyRotation" if on else "DisableKeyRotation", {"KeyId": work.physical_id})


def _delete_key(work: Work) -> Steps:
    days = work.get("PendingWindowInDays", 30)
    yield Api("kms", "ScheduleKeyDeletion", {"KeyId": work.physical_id, "PendingWindowInDays": days})


def _create_alias(work: Work) -> Steps:
    yield Api("kms", "CreateAlias", work.pick("AliasName", "TargetKeyId"))
    work.physical_id = str(work.properties["AliasName"])


def _update_alias(work: Work) -> Steps:
    yield Api("kms", "UpdateAlias", work.pick("AliasName", "TargetKeyId"))


def _delete_alias(work: Work) -> Steps:
    yield Api("kms", "DeleteAlias", {"AliasName": work.physical_id})


kind(
    "AWS::SSM::Parameter", _put_parameter, _delete_parameter, _put_parameter,
    props="Description AllowedPattern Tier Policies DataType", required="Type Value", fixed="Name",
)  # fmt: skip
kind(
    "AWS::SecretsManager::Secret", _create_secret, _delete_secret, _update_secret,
    props="Description KmsKeyId SecretString GenerateSecretString Tags", fixed="Name",
)  # fmt: skip
kind(
    "AWS::SecretsManager::RotationSchedule", _put_rotation, _delete_rotation, _put_rotation,
    props="RotationLambdaARN RotationRules RotateImmediatelyOnUpdate", required="SecretId", fixed="SecretId",
)  # fmt: skip
kind(
    "AWS::KMS::Key", _create_key, _delete_key, _update_key,
    props="Description EnableKeyRotation KeyPolicy PendingWindowInDays BypassPolicyLockoutSafetyCheck",
    fixed="KeySpec KeyUsage MultiRegion Origin",
)  # fmt: skip
kind("AWS::KMS::Alias", _create_alias, _delete_alias, _update_alias, required="TargetKeyId", fixed="AliasName")
