"""The function exists, runs as its role, and says hello."""

import json

from autograder.checks.expect import expect


def test_an_invocation_says_hello(aws, lab):
    lambda_ = aws("lambda")
    configuration = lambda_.get_function_configuration(FunctionName=lab.name("function"))
    expect(
        configuration["Role"].endswith(f"/{lab.name('role')}"),
        f"The function runs as {configuration['Role']}; give it the role {lab.name('role')}.",
    )
    answer = lambda_.invoke(FunctionName=lab.name("function"), Payload=b"{}")
    payload = answer["Payload"].read()
    expect("FunctionError" not in answer, f"The invocation failed: {payload.decode()}")
    expect(
        "Hello" in json.dumps(json.loads(payload)), f"The function answered {payload.decode()}; expected a text with Hello in it."
    )
