"""Refunds are booked; an order without an amount still fails."""

import json

from autograder.checks.expect import expect


def _invoke(aws, lab, order):
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), Payload=json.dumps(order).encode(), LogType="Tail")
    return answer.get("FunctionError"), answer["Payload"].read().decode()


def test_a_refund_is_booked(aws, lab):
    error, payload = _invoke(aws, lab, {"order": "C-1", "amount": -3})
    expect(not error, f"A refund still fails: {payload}")
    events = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{lab.name('function')}", filterPattern='"booked C-1"')[
        "events"
    ]
    expect(events, "The refund C-1 did not fail, but no line of the log says that it was booked.")


def test_an_order_without_an_amount_still_fails(aws, lab):
    error, _ = _invoke(aws, lab, {"order": "C-2"})
    expect(error, "An order without an amount no longer fails: what is really wrong must still reach the queue.")
