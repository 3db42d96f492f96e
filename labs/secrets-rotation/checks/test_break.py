"""A rotation that fails in its third step harms nobody, and its next try comes to an end with the same version."""

import json

from autograder.checks.expect import expect


def _pay(aws, lab, order):
    """What one payment in a new environment came to."""
    client, function = aws("lambda"), lab.name("pay")
    revision = client.get_function_configuration(FunctionName=function)["RevisionId"]
    client.update_function_configuration(FunctionName=function, Description=f"checked after {revision}")
    client.get_waiter("function_updated_v2").wait(FunctionName=function)
    answer = json.loads(client.invoke(FunctionName=function, Payload=json.dumps({"order": order}))["Payload"].read())
    return str(answer.get("errorMessage", answer)) if isinstance(answer, dict) else str(answer)


def _holder(aws, lab, label):
    held = aws("secretsmanager").describe_secret(SecretId=lab.name("secret"))["VersionIdsToStages"]
    return next((version for version, labels in held.items() if label in labels), "")


def _forget_unfinished(aws, lab):
    pending = _holder(aws, lab, "AWSPENDING")
    if pending and pending != _holder(aws, lab, "AWSCURRENT"):
        aws("secretsmanager").update_secret_version_stage(
            SecretId=lab.name("secret"), VersionStage="AWSPENDING", RemoveFromVersionId=pending
        )


def test_a_rotation_that_failed_ends_by_itself(aws, lab, session):
    _forget_unfinished(aws, lab)
    session.wait(1)
    caller, error = f"*{lab.name('rotate_role')}*", {"code": "AccessDeniedException", "status": 400}
    before = _holder(aws, lab, "AWSCURRENT")
    with session.broken(service="dynamodb", operation="GetItem", caller=caller, error=error) as broken:
        if not broken:
            return
        made = aws("secretsmanager").rotate_secret(SecretId=lab.name("secret"))["VersionId"]
        session.wait(20)
        expect(
            _holder(aws, lab, "AWSCURRENT") == before,
            "The third step failed, and AWSCURRENT was moved all the same: a key that was never tried is given to all readers.",
        )
    said = _pay(aws, lab, "check-between")
    expect(said == "check-between paid", f"While the rotation waits for its next try, a payment says: {said}")
    session.wait(120)
    now = _holder(aws, lab, "AWSCURRENT")
    _forget_unfinished(aws, lab)
    expect(
        now == made,
        "The bank answered again, Secrets Manager tried again, and the rotation never came to an end: createSecret is called a "
        'second time for the same token, and a version\'s value can be written once. Look at lab.story("rotation").',
    )
    said = _pay(aws, lab, "check-after")
    expect(said == "check-after paid", f"After the rotation the function says: {said}")
