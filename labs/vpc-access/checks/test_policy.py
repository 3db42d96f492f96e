"""Through the endpoint the supplier's key can be read, and nothing else."""

import json

from autograder.checks.expect import expect


def test_the_key_is_read_as_before(fresh, ask):
    fresh()
    said = ask("secret")
    expect(said == "secret answered", f"The policy lets too little through. The function says: {said}")


def test_other_secrets_are_refused_by_the_endpoint(lab, ask):
    said = ask("secret", name=lab.name("other"))
    expect("answered" not in said, "The other secret still comes through. Whoever gets into the function gets at it.")
    expect("VPC endpoint policy" in said, f"It is refused, and not by the endpoint's policy: {said}")


def test_the_key_cannot_be_changed_through_it(aws):
    found = aws("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    endpoint = next(row for row in found if row["ServiceName"].endswith(".secretsmanager") and row["State"] == "available")
    given = json.loads(endpoint["PolicyDocument"])["Statement"]
    given = given if isinstance(given, list) else [given]
    actions = [
        a
        for row in given
        if row["Effect"] == "Allow"
        for a in ([row["Action"]] if isinstance(row["Action"], str) else row["Action"])
    ]
    wide = [action for action in actions if "*" in action]
    expect(not wide, f"The policy lets {wide} through; the function only ever reads: secretsmanager:GetSecretValue.")
