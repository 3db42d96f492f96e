"""An environment loads the tariff once, before its first event."""

import base64
import json

from autograder.checks.expect import expect


def _restart(aws, lab):
    client, function = aws("lambda"), lab.name("function")
    revision = client.get_function_configuration(FunctionName=function)["RevisionId"]
    client.update_function_configuration(FunctionName=function, Description=f"checked after {revision}")
    client.get_waiter("function_updated_v2").wait(FunctionName=function)


def _call(aws, lab, **event):
    """The answer, and the log of the call: that of INIT as well, if it was a cold start."""
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), LogType="Tail", Payload=json.dumps(event))
    return json.loads(answer["Payload"].read()), base64.b64decode(answer["LogResult"]).decode()


def test_the_tariff_is_loaded_in_init_and_not_again(aws, lab):
    _restart(aws, lab)
    answer, cold = _call(aws, lab, room="single")
    expect(isinstance(answer, dict) and answer.get("cents") == 9000, f"A single room is 9000 cents; the function says: {answer}")
    init, _, handler = cold.partition("START RequestId")
    expect("tariff loaded" in init, "The first event of an environment waits inside its Duration: load the tariff in INIT.")
    expect("tariff loaded" not in handler, "The first event loads the tariff a second time: the handler need not.")
    answer, warm = _call(aws, lab, room="suite")
    expect(isinstance(answer, dict) and answer.get("cents") == 24000, f"A suite is 24000 cents; the function says: {answer}")
    expect("tariff loaded" not in warm, "The second event loads the tariff again, in an environment that has it.")


def test_calls_were_seen_in_the_log(aws, lab):
    group = f"/aws/lambda/{lab.name('function')}"
    pages = aws("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    lines = [event["message"] for page in pages for event in page["events"] if event["message"].startswith("REPORT")]
    expect(any("Init Duration" in line for line in lines), "No cold start is in the log yet: call the function.")
    expect(any("Init Duration" not in line for line in lines), "No warm call is in the log yet: call the function again.")
