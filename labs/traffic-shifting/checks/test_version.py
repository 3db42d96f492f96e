"""Callers get a published version through the alias."""

import json

from autograder.checks.expect import expect


def test_the_alias_names_a_published_version(aws, lab):
    lambda_ = aws("lambda")
    alias = lambda_.get_alias(FunctionName=lab.name("function"), Name=lab.name("alias"))
    version = alias["FunctionVersion"]
    expect(
        version.isdigit(), f"The alias names {version}, which changes with every deployment; let it name the published version."
    )
    answer = lambda_.invoke(FunctionName=lab.name("function"), Qualifier=lab.name("alias"), Payload=b'{"item": "tea"}')
    payload = answer["Payload"].read()
    expect("FunctionError" not in answer, f"A call of the alias failed: {payload.decode()}")
    expect(json.loads(payload)["cents"] == 300, f"A call of the alias answered {payload.decode()}; tea costs 300.")
    expect(answer["ExecutedVersion"] == version, f"The call ran version {answer['ExecutedVersion']}, not {version}.")
