"""Every private subnet of the function has a route to DynamoDB, and its table answers."""

from autograder.checks.expect import expect


def test_every_subnet_of_the_function_has_the_route(aws, places):
    found = aws("ec2").describe_vpc_endpoints(Filters=[{"Name": "vpc-endpoint-type", "Values": ["Gateway"]}])["VpcEndpoints"]
    routed = {
        t
        for row in found
        if row["ServiceName"].endswith(".dynamodb") and row["State"] == "available"
        for t in row["RouteTableIds"]
    }
    expect(routed, "There is no gateway endpoint for DynamoDB that is written into a route table.")
    lacks = [subnet for subnet, (table, _) in places().items() if table not in routed]
    expect(not lacks, f"The route table of {lacks[:1]} does not lead to the endpoint: environments in there go on waiting.")


def test_the_table_answers(fresh, ask):
    fresh()
    said = ask("table")
    expect("Connect timeout" not in said and "timed out" not in said, f"DynamoDB is not reached yet: {said}")
