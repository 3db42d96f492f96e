"""A new environment was refused while the key was off; now the key is on and the function works."""

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


def test_it_was_off_and_is_on(aws, lab):
    state = aws("kms").describe_key(KeyId=lab.name("key_alias"))["KeyMetadata"]["KeyState"]
    expect(state == "Enabled", f"The key is {state}.")
    found = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{lab.name('function')}", filterPattern="DisabledException")
    expect(found["events"], "No environment has met the disabled key yet: a warm one does not ask. Let the function start anew.")
    said = _run(aws, lab)
    expect(said == DIGEST, f"The key is on, and the function does not work; it says: {said}")
