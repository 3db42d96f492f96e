"""A new environment lives while the table is away, and takes today's tariff when it is back."""

import base64
import json

from autograder.checks.expect import expect


def _restart(aws, lab):
    client, function = aws("lambda"), lab.name("function")
    revision = client.get_function_configuration(FunctionName=function)["RevisionId"]
    client.update_function_configuration(FunctionName=function, Description=f"checked after {revision}")
    client.get_waiter("function_updated_v2").wait(FunctionName=function)


def _call(aws, lab):
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), LogType="Tail", Payload=b'{"room": "single"}')
    said = json.loads(answer["Payload"].read())
    return said.get("cents", said) if isinstance(said, dict) else said, base64.b64decode(answer["LogResult"]).decode()


def test_the_function_lives_through_a_table_that_is_away(aws, lab, session):
    _restart(aws, lab)
    error = {"code": "InternalServerError", "status": 500}
    away = {"service": "dynamodb", "operation": "GetItem", "resource": f"*{lab.name('table')}", "error": error}
    with session.broken(**away) as broken:
        for call in ("first", "second"):
            cents, _ = _call(aws, lab)
            expect(not broken or cents == 8500, f"The table is away, and the {call} call in a new environment says: {cents}")
    cents, _ = _call(aws, lab)
    expect(cents == 9000, f"The table is back, and the same environment still says {cents} instead of 9000: ask it again.")


def test_a_healthy_start_loads_in_init_and_once(aws, lab):
    _restart(aws, lab)
    _, cold = _call(aws, lab)
    expect("tariff loaded" in cold.partition("START RequestId")[0], "With the table there, the tariff is to be loaded in INIT.")
    _, warm = _call(aws, lab)
    expect("tariff loaded" not in warm, "With the table there, every event loads the tariff again.")


def test_failing_inits_are_in_the_log(aws, lab, session):
    pages = aws("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{lab.name('function')}")
    failed = [event for page in pages for event in page["events"] if event["message"].startswith("INIT_REPORT")]
    expect(failed or session.control is None, "No INIT has failed yet: let the rule break it, once and twice.")
