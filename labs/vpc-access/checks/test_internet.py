"""The supplier is reached through a NAT gateway, from private subnets, in each of them."""

import json

from autograder.checks.expect import expect


def _fresh(aws, lab):
    """A new environment for the next call."""
    client, function = aws("lambda"), lab.name("function")
    revision = client.get_function_configuration(FunctionName=function)["RevisionId"]
    client.update_function_configuration(FunctionName=function, Description=f"checked after {revision}")
    client.get_waiter("function_updated_v2").wait(FunctionName=function)


def _ask(aws, lab, what, **more):
    """What the function came to: its answer, or the message of the error."""
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), Payload=json.dumps({"ask": what, **more}))
    found = json.loads(answer["Payload"].read())
    return str(found.get("errorMessage", found)) if isinstance(found, dict) else str(found)


def _places(aws, lab):
    """The function's subnets, each with its default route's target and its route table."""
    ec2 = aws("ec2")
    vpc = aws("lambda").get_function_configuration(FunctionName=lab.name("function")).get("VpcConfig") or {}
    found = {}
    for subnet in vpc.get("SubnetIds") or ():
        filters = [{"Name": "association.subnet-id", "Values": [subnet]}]
        table = ec2.describe_route_tables(Filters=filters)["RouteTables"][0]
        route = next((row for row in table["Routes"] if row.get("DestinationCidrBlock") == "0.0.0.0/0"), {})
        found[subnet] = (table["RouteTableId"], route.get("NatGatewayId") or route.get("GatewayId") or "")
    return found


def test_the_function_is_in_private_subnets(aws, lab):
    places = _places(aws, lab)
    expect(places, "The function is not in a VPC any more; from Monday on it needs the database in there.")
    public = [subnet for subnet, (_, target) in places.items() if target.startswith("igw-")]
    expect(
        not public,
        f"{public[:1]} is a public subnet. A function has no public address there, so nothing comes back: use the private ones.",
    )


def test_each_of_them_leads_to_a_nat_gateway_in_a_public_subnet(aws, lab):
    places = _places(aws, lab)
    lacks = [subnet for subnet, (_, target) in places.items() if not target.startswith("nat-")]
    expect(not lacks, f"The route table of {lacks[:1]} sends 0.0.0.0/0 nowhere: environments in there go on waiting.")
    ec2 = aws("ec2")
    for gateway in ec2.describe_nat_gateways(NatGatewayIds=sorted({target for _, target in places.values()}))["NatGateways"]:
        table = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [gateway["SubnetId"]]}])[
            "RouteTables"
        ][0]
        out = any(row.get("GatewayId", "").startswith("igw-") for row in table["Routes"])
        expect(out, "The NAT gateway stands in a private subnet: it needs the way to the internet gateway itself.")


def test_the_supplier_is_reached_and_the_others_as_before(aws, lab):
    _fresh(aws, lab)
    for what in ("supplier", "table", "secret"):
        said = _ask(aws, lab, what)
        expect(said == f"{what} answered", f"Asked for the {what}, the function says: {said}")
