"""What several steps ask: the function itself, and the network it stands in."""

import json


def fresh(aws, lab):
    """``fresh()``: a new environment for the next call."""

    def renew():
        client, function = aws("lambda"), lab.name("function")
        revision = client.get_function_configuration(FunctionName=function)["RevisionId"]
        client.update_function_configuration(FunctionName=function, Description=f"checked after {revision}")
        client.get_waiter("function_updated_v2").wait(FunctionName=function)

    return renew


def ask(aws, lab):
    """``ask("table")``: what the function came to, its answer or the message of the error."""

    def asked(what, **more):
        answer = aws("lambda").invoke(FunctionName=lab.name("function"), Payload=json.dumps({"ask": what, **more}))
        found = json.loads(answer["Payload"].read())
        return str(found.get("errorMessage", found)) if isinstance(found, dict) else str(found)

    return asked


def places(aws, lab):
    """``places()``: the function's subnets, each with its route table and its default route's target."""

    def found():
        ec2 = aws("ec2")
        vpc = aws("lambda").get_function_configuration(FunctionName=lab.name("function")).get("VpcConfig") or {}
        return {subnet: _routed(ec2, subnet) for subnet in vpc.get("SubnetIds") or ()}

    return found


def _routed(ec2, subnet):
    table = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["RouteTables"][0]
    route = next((row for row in table["Routes"] if row.get("DestinationCidrBlock") == "0.0.0.0/0"), {})
    return table["RouteTableId"], route.get("NatGatewayId") or route.get("GatewayId") or ""
