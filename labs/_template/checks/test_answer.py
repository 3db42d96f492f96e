"""The function answers with twice the number it was called with."""

import json

from autograder.checks.expect import expect


def test_a_number_is_doubled(aws, lab):
    for number in (21, 0, -3):
        answer = aws("lambda").invoke(FunctionName=lab.name("function"), Payload=json.dumps({"number": number}).encode())
        said = answer["Payload"].read().decode("utf-8", "replace")
        expect("FunctionError" not in answer, f"The function was called with the number {number} and failed: {said}")
        wanted = json.dumps({"doubled": 2 * number})
        expect(said == wanted, f"The function was called with the number {number}; it answered {said}, not {wanted}.")
