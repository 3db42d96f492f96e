"""Readers get the key that the bank knows, and payments go through."""

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
