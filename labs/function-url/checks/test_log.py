"""Every greeting leaves one JSON line with the name and the request id, beside Lambda's own lines."""

import json

from autograder.checks.expect import expect


def test_a_greeting_can_be_found_in_the_log(aws, lab, http):
    url = aws("lambda").get_function_url_config(FunctionName=lab.name("function"))["FunctionUrl"]
    answer = http(f"{url}?name=Grace")
    expect(answer.status == 200, f"?name=Grace answered {answer.status} {answer.text}; expected 200.")
    events = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{lab.name('function')}")["events"]
    messages = [event["message"] for event in events]
    expect(
        any(message.startswith("REPORT RequestId") for message in messages),
        "The log holds no REPORT line: may the role write logs?",
    )
    lines = [line for line in map(_json, messages) if line is not None and "greeted" in line]
    expect(lines, 'No line of the log is JSON with the key "greeted".')
    mine = [line for line in lines if line["greeted"] == "Grace"]
    expect(mine, f'No line says "greeted": "Grace"; the last one is {json.dumps(lines[-1])}.')
    started = {message.split()[2] for message in messages if message.startswith("START RequestId:")}
    expect(
        mine[-1].get("request_id") in started,
        f"The line says request_id {mine[-1].get('request_id')!r}, which is no invocation of this function.",
    )


def _json(text):
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
