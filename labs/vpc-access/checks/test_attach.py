"""The function is in the private subnets of both zones, and its role may do what Lambda needs and nothing else of EC2."""

from autograder.checks.expect import expect

_NEEDED = ["CreateNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets", "DeleteNetworkInterface"]
_NEEDED += ["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"]
_TOO_MUCH = ["ec2:RunInstances", "ec2:AuthorizeSecurityGroupIngress", "ec2:CreateRoute", "iam:PassRole"]


def _decided(aws, lab, actions):
    role = aws("iam").get_role(RoleName=lab.name("role"))["Role"]["Arn"]
    rows = aws("iam").simulate_principal_policy(PolicySourceArn=role, ActionNames=actions)["EvaluationResults"]
    return {row["EvalActionName"]: row["EvalDecision"] == "allowed" for row in rows}


def test_the_function_is_inside_in_two_zones_and_in_no_public_subnet(aws, lab):
    vpc = aws("lambda").get_function_configuration(FunctionName=lab.name("function")).get("VpcConfig") or {}
    ids = vpc.get("SubnetIds") or []
    expect(ids, "The function is not in a VPC: its configuration names no subnet.")
    subnets = aws("ec2").describe_subnets(SubnetIds=ids)["Subnets"]
    public = [row["SubnetId"] for row in subnets if _public(aws, row["SubnetId"])]
    expect(not public, f"{public[:1]} is a public subnet; nothing in there is of use to a function. Name the private ones.")
    zones = {row["AvailabilityZone"] for row in subnets}
    expect(
        len(zones) > 1,
        f"All subnets are in {sorted(zones)}: when that zone fails, so does the function. Name one in each of two zones.",
    )


def _public(aws, subnet):
    table = aws("ec2").describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["RouteTables"][0]
    return any(row.get("GatewayId", "").startswith("igw-") for row in table["Routes"])


def test_the_role_may_make_interfaces_and_nothing_else_of_ec2(aws, lab):
    decided = _decided(aws, lab, [f"ec2:{action}" for action in _NEEDED] + _TOO_MUCH)
    lacks = [action for action in _NEEDED if not decided[f"ec2:{action}"]]
    named = f"AWS names {len(_NEEDED)} actions for the role of a function in a VPC"
    expect(not lacks, f"{named}; this role may not {', '.join(lacks)}.")
    may = [action for action in _TOO_MUCH if decided[action]]
    expect(not may, f"The role may also {', '.join(may)}, and so may the function's code. Give it the interfaces alone.")
