"""The key changes every thirty days or more often, by itself, and nobody is refused."""

import json

from autograder.checks.expect import expect

DAY_S = 86_400


def _pay(aws, lab, order):
    """What one payment came to."""
    answer = aws("lambda").invoke(FunctionName=lab.name("pay"), Payload=json.dumps({"order": order}))
    found = json.loads(answer["Payload"].read())
    return str(found.get("errorMessage", found)) if isinstance(found, dict) else str(found)


def test_thirty_one_days_change_the_key(aws, lab, session):
    vault, secret = aws("secretsmanager"), lab.name("secret")
    shown = vault.describe_secret(SecretId=secret)
    expect(shown.get("RotationEnabled"), "Rotation is off.")
    expect(shown.get("NextRotationDate"), "Rotation is on and has no date: no rule says how often.")
    before = vault.get_secret_value(SecretId=secret)["VersionId"]
    waits = (16, 15)
    for days in waits:
        session.wait(days * DAY_S)
        said = _pay(aws, lab, f"check-{days}")
        expect(said == f"check-{days} paid", f"After {days} more days the function says: {said}")
    now = vault.get_secret_value(SecretId=secret)["VersionId"]
    expect(
        now != before,
        f"{sum(waits)} days have gone by, and the key is the same; the next date is {shown['NextRotationDate']:%Y-%m-%d}.",
    )
