"""Every private subnet of the function has a route to DynamoDB, and its table answers."""

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


def test_every_subnet_of_the_function_has_the_route(aws, lab):
    found = aws("ec2").describe_vpc_endpoints(Filters=[{"Name": "vpc-endpoint-type", "Values": ["Gateway"]}])["VpcEndpoints"]
    routed = {
        t
        for row in found
        if row["ServiceName"].endswith(".dynamodb") and row["State"] == "available"
        for t in row["RouteTableIds"]
    }
    expect(routed, "There is no gateway endpoint for DynamoDB that is written into a route table.")
    lacks = [subnet for subnet, (table, _) in _places(aws, lab).items() if table not in routed]
    expect(not lacks, f"The route table of {lacks[:1]} does not lead to the endpoint: environments in there go on waiting.")


def test_the_table_answers(aws, lab):
    _fresh(aws, lab)
    said = _ask(aws, lab, "table")
    expect("Connect timeout" not in said and "timed out" not in said, f"DynamoDB is not reached yet: {said}")
