attach("private-a", "private-b")
gateways = ec2.describe_nat_gateways(
    Filter=[{"Name": "vpc-id", "Values": [net["vpc"]]}]
)["NatGateways"]
if not [row for row in gateways if row["State"] == "available"]:
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(
        SubnetId=net["public-a"], AllocationId=address
    )["NatGateway"]["NatGatewayId"]
    ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[nat])
    for table in ("table-private-a",):
        ec2.create_route(
            RouteTableId=net[table], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat
        )
ask("supplier")
lab.story("network", last=1)
