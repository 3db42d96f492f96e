"""Readers get the key that the bank knows, payments go through, and the bad key does not come back with the next rotation."""

import json

from autograder.checks.expect import expect


def _pay(aws, lab, order):
    """What one payment came to."""
    answer = aws("lambda").invoke(FunctionName=lab.name("pay"), Payload=json.dumps({"order": order}))
    found = json.loads(answer["Payload"].read())
    return str(found.get("errorMessage", found)) if isinstance(found, dict) else str(found)


def test_readers_get_the_key_that_the_bank_knows(aws, lab):
    item = aws("dynamodb").get_item(TableName=lab.name("bank"), Key={"name": {"S": "accepted"}}, ConsistentRead=True)["Item"]
    key = aws("secretsmanager").get_secret_value(SecretId=lab.name("secret"))["SecretString"]
    expect(key in item["keys"]["SS"], "AWSCURRENT is on a key that the bank does not know; the one before is still there.")
    said = _pay(aws, lab, "check-back")
    expect(said == "check-back paid", f"The function says: {said}")


def test_the_bad_key_does_not_come_back(aws, lab):
    held = aws("secretsmanager").describe_secret(SecretId=lab.name("secret"))["VersionIdsToStages"].values()
    expect(
        not any("AWSPENDING" in labels and "AWSCURRENT" not in labels for labels in held),
        "AWSPENDING is still on the version that you took back: Secrets Manager takes its rotation for unfinished, refuses a new "
        "one, and on the next date goes on with the bad key.",
    )
