"""The supplier is reached through a NAT gateway, from private subnets, in each of them."""

from autograder.checks.expect import expect


def test_the_function_is_in_private_subnets(places):
    found = places()
    expect(found, "The function is not in a VPC any more; from Monday on it needs the database in there.")
    public = [subnet for subnet, (_, target) in found.items() if target.startswith("igw-")]
    expect(
        not public,
        f"{public[:1]} is a public subnet. A function has no public address there, so nothing comes back: use the private ones.",
    )


def test_each_of_them_leads_to_a_nat_gateway_in_a_public_subnet(aws, places):
    found = places()
    lacks = [subnet for subnet, (_, target) in found.items() if not target.startswith("nat-")]
    expect(not lacks, f"The route table of {lacks[:1]} sends 0.0.0.0/0 nowhere: environments in there go on waiting.")
    ec2 = aws("ec2")
    for gateway in ec2.describe_nat_gateways(NatGatewayIds=sorted({target for _, target in found.values()}))["NatGateways"]:
        table = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [gateway["SubnetId"]]}])[
            "RouteTables"
        ][0]
        out = any(row.get("GatewayId", "").startswith("igw-") for row in table["Routes"])
        expect(out, "The NAT gateway stands in a private subnet: it needs the way to the internet gateway itself.")


def test_the_supplier_is_reached_and_the_others_as_before(fresh, ask):
    fresh()
    for what in ("supplier", "table", "secret"):
        said = ask(what)
        expect(said == f"{what} answered", f"Asked for the {what}, the function says: {said}")
