"""The function does what it should."""

import json

from autograder.checks.expect import expect
from autograder.checks.marks import points


@points(8, "function", hint="Return a dictionary: Lambda makes JSON of it.", topic="m1-t3")
def test_result(evidence, variant):
    answer = evidence.notes.get("answer", "nothing")
    expect(
        answer == json.dumps({"result": 21 * variant["factor"]}), f"The function was called with a number; it answered {answer}."
    )
