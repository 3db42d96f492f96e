"""Nothing the lab made is left, what costs by the hour least of all."""

from autograder.checks.expect import expect


def test_nothing_that_costs_by_the_hour_is_left(aws):
    ec2 = aws("ec2")
    nat = [row["NatGatewayId"] for row in ec2.describe_nat_gateways()["NatGateways"] if row["State"] != "deleted"]
    expect(not nat, f"The NAT gateway {nat[:1]} is still there, and costs by the hour.")
    addresses = [row["PublicIp"] for row in ec2.describe_addresses()["Addresses"]]
    expect(
        not addresses, f"The address {addresses[:1]} is still yours, and costs by the hour: a NAT gateway does not take it along."
    )
    endpoints = [row["ServiceName"] for row in ec2.describe_vpc_endpoints()["VpcEndpoints"] if row["State"] == "available"]
    expect(not endpoints, f"The endpoint for {endpoints[:1]} is still there.")


def test_nothing_else_is_left(aws, lab):
    function, role = lab.name("function"), lab.name("role")
    left = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"] if row["FunctionName"] == function]
    left += [row["RoleName"] for row in aws("iam").list_roles()["Roles"] if row["RoleName"] == role]
    left += [
        row["logGroupName"] for row in aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    ]
    left += [name for name in aws("dynamodb").list_tables()["TableNames"] if name == lab.name("table")]
    left += [row["Name"] for row in aws("secretsmanager").list_secrets()["SecretList"]]
    left += [row["VpcId"] for row in aws("ec2").describe_vpcs()["Vpcs"] if not row["IsDefault"]]
    expect(not left, f"Still there: {', '.join(left)}.")
