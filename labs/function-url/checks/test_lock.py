"""Strangers are turned away, a signed caller is served, and no public statement is left."""

import json

from autograder.checks.expect import expect


def test_only_signed_callers_are_served(aws, lab, http):
    configuration = aws("lambda").get_function_url_config(FunctionName=lab.name("function"))
    expect(configuration["AuthType"] == "AWS_IAM", f"The URL's AuthType is {configuration['AuthType']}; set it to AWS_IAM.")
    url = f"{configuration['FunctionUrl']}?name=Ada"
    stranger = http(url)
    expect(stranger.status == 403, f"A caller without a signature got {stranger.status}; expected 403.")
    signed = http(url, signed=True)
    expect(signed.status == 200, f"Your own signed call got {signed.status} {signed.text}; expected 200.")


def test_no_statement_is_public(aws, lab):
    lambda_ = aws("lambda")
    try:
        policy = json.loads(lambda_.get_policy(FunctionName=lab.name("function"))["Policy"])
    except lambda_.exceptions.ResourceNotFoundException:
        return
    public = [s.get("Sid", "?") for s in policy["Statement"] if s["Effect"] == "Allow" and s["Principal"] in ("*", {"AWS": "*"})]
    expect(
        not public, f"The statements {', '.join(public)} still let anybody in, should the AuthType ever change back. Remove them."
    )
