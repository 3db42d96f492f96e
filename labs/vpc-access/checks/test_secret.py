"""Secrets Manager answers through an endpoint that lets in the function, and not everybody."""

from autograder.checks.expect import expect


def _endpoint(aws):
    found = aws("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    return next((row for row in found if row["ServiceName"].endswith(".secretsmanager") and row["State"] == "available"), None)


def test_the_endpoint_has_the_service_s_name(aws):
    endpoint = _endpoint(aws)
    expect(endpoint, "There is no endpoint for Secrets Manager.")
    expect(
        endpoint["PrivateDnsEnabled"],
        "Without private DNS the service's name still leads to the internet, and not to the endpoint.",
    )


def test_the_secret_is_answered(fresh, ask):
    fresh()
    said = ask("secret")
    expect(
        said == "secret answered",
        f"The function says: {said}. Does the endpoint's security group let in HTTPS from the function?",
    )


def test_the_endpoint_lets_in_the_function_and_not_everybody(aws):
    groups = [row["GroupId"] for row in _endpoint(aws)["Groups"]]
    rules = [
        rule for row in aws("ec2").describe_security_groups(GroupIds=groups)["SecurityGroups"] for rule in row["IpPermissions"]
    ]
    ports = [rule for rule in rules if rule["IpProtocol"] == "-1" or rule["FromPort"] != 443 or rule["ToPort"] != 443]
    expect(not ports, "The endpoint speaks HTTPS only: let in port 443 and nothing else.")
    wide = [peer["CidrIp"] for rule in rules for peer in rule["IpRanges"]]
    expect(not wide, f"The endpoint lets in {wide}; name the function's security group instead: addresses change, groups do not.")
