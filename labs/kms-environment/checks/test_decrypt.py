"""The function has the token, asked KMS once for it, and wrote it nowhere."""

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


def test_the_function_has_the_token_and_asks_once(aws, lab, session):
    since = len(session.control.calls(operation="Decrypt", limit=10_000))
    said = [_run(aws, lab), _again(aws, lab), _again(aws, lab)]
    expect(said[0] == DIGEST, f"The function does not come to the token; it says: {said[0]}")
    asked = len(session.control.calls(operation="Decrypt", limit=10_000)) - since
    expect(
        asked <= 1, f"For three calls in one environment KMS was asked {asked} times: the token does not change, so ask in INIT."
    )


def test_the_token_is_not_in_the_log(aws, lab):
    group = f"/aws/lambda/{lab.name('function')}"
    _run(aws, lab)
    newest = max(aws("logs").describe_log_streams(logGroupName=group)["logStreams"], key=lambda row: row["creationTime"])
    events = aws("logs").get_log_events(logGroupName=group, logStreamName=newest["logStreamName"])["events"]
    expect(not any("tok-4711" in event["message"] for event in events), "The function writes the token into its log.")
