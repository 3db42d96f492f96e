"""Secrets Manager may invoke the rotation function for this account alone, and a rotation ends with a new current key."""

import json

from botocore.exceptions import ClientError

from autograder.checks.expect import expect


def _pay(aws, lab, order):
    """What one payment came to."""
    answer = aws("lambda").invoke(FunctionName=lab.name("pay"), Payload=json.dumps({"order": order}))
    found = json.loads(answer["Payload"].read())
    return str(found.get("errorMessage", found)) if isinstance(found, dict) else str(found)


def _holder(aws, lab, label):
    held = aws("secretsmanager").describe_secret(SecretId=lab.name("secret"))["VersionIdsToStages"]
    return next((version for version, labels in held.items() if label in labels), "")


def _forget_unfinished(aws, lab):
    pending = _holder(aws, lab, "AWSPENDING")
    if pending and pending != _holder(aws, lab, "AWSCURRENT"):
        aws("secretsmanager").update_secret_version_stage(
            SecretId=lab.name("secret"), VersionStage="AWSPENDING", RemoveFromVersionId=pending
        )


def _keys(aws, lab):
    item = aws("dynamodb").get_item(TableName=lab.name("bank"), Key={"name": {"S": "accepted"}}, ConsistentRead=True)["Item"]
    return set(item["keys"]["SS"])


def test_secrets_manager_is_let_in_for_this_account_alone(aws, lab):
    try:
        policy = json.loads(aws("lambda").get_policy(FunctionName=lab.name("rotate"))["Policy"])
    except ClientError:
        policy = {"Statement": []}
    found = [row for row in policy["Statement"] if "secretsmanager.amazonaws.com" in json.dumps(row.get("Principal"))]
    expect(found, "Nobody has let Secrets Manager in: the function's policy does not name secretsmanager.amazonaws.com.")
    for row in found:
        keys = json.dumps(row.get("Condition", {})).lower()
        expect(
            "aws:sourceaccount" in keys or "aws:sourcearn" in keys,
            "Secrets Manager may invoke the function for every account's secrets: name your account, or the secret, in the "
            "permission.",
        )


def test_a_rotation_ends_with_a_new_current_key(aws, lab, session):
    vault, secret = aws("secretsmanager"), lab.name("secret")
    _forget_unfinished(aws, lab)
    _pay(aws, lab, "check-warm")
    before = _holder(aws, lab, "AWSCURRENT")
    made = vault.rotate_secret(SecretId=secret)["VersionId"]
    session.wait(20)
    now = _holder(aws, lab, "AWSCURRENT")
    unfinished = _holder(aws, lab, "AWSPENDING") not in ("", now)
    _forget_unfinished(aws, lab)
    expect(now != before, "A rotation ran, and AWSCURRENT is on the version it was on: finish must move it.")
    expect(
        now == made and not unfinished,
        "A rotation ran, and AWSCURRENT is not on the version it made: finish must move the label to the version `token`.",
    )
    key = vault.get_secret_value(SecretId=secret)["SecretString"]
    expect(key in _keys(aws, lab), "The bank does not accept the key that is current now.")
    said = _pay(aws, lab, "check-after")
    expect(said == "check-after paid", f"After the rotation the function says: {said}")
