"""The role opens ciphers of its own purpose under this key, and does nothing else with any key."""

import hashlib
import json

from autograder.checks.expect import expect

DIGEST = hashlib.sha256(b"tok-4711-partner").hexdigest()[:8]


def _run(aws, lab):
    """What one call in a new environment came to."""
    client, function = aws("lambda"), lab.name("function")
    revision = client.get_function_configuration(FunctionName=function)["RevisionId"]
    client.update_function_configuration(FunctionName=function, Description=f"checked after {revision}")
    client.get_waiter("function_updated_v2").wait(FunctionName=function)
    return _again(aws, lab)


def _again(aws, lab):
    answer = json.loads(aws("lambda").invoke(FunctionName=lab.name("function"))["Payload"].read())
    return str(answer.get("errorMessage", answer)) if isinstance(answer, dict) else str(answer)


def _may(aws, lab, action, resource, purpose):
    role = aws("iam").get_role(RoleName=lab.name("role"))["Role"]["Arn"]
    entry = {"ContextKeyName": "kms:EncryptionContext:function", "ContextKeyValues": [purpose], "ContextKeyType": "string"}
    answer = aws("iam").simulate_principal_policy(
        PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource], ContextEntries=[entry] if purpose else []
    )
    return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"


def test_its_own_purpose_and_no_other(aws, lab):
    own, key = lab.name("function"), aws("kms").describe_key(KeyId=lab.name("key_alias"))["KeyMetadata"]["Arn"]
    said = _run(aws, lab)
    expect(said == DIGEST, f"The function does not come to its token any more; it says: {said}")
    for action in ("kms:Encrypt", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:CreateGrant"):
        expect(not _may(aws, lab, action, key, own), f"The role may {action}; the function only ever decrypts.")
    another = key.rpartition("/")[0] + "/11111111-2222-3333-4444-555555555555"
    expect(not _may(aws, lab, "kms:Decrypt", another, own), "The role decrypts with every key: name this one.")
    expect(not _may(aws, lab, "kms:Decrypt", key, "payroll"), "The role opens the ciphers of other purposes, payroll's too.")
    expect(not _may(aws, lab, "kms:Decrypt", key, ""), "The role opens ciphers that have no context.")
