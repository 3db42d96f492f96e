if not endpoint("dynamodb"):
    ec2.create_vpc_endpoint(
        VpcId=net["vpc"],
        VpcEndpointType="Gateway",
        ServiceName=f"com.amazonaws.{region}.dynamodb",
        RouteTableIds=[net["table-private-a"], net["table-private-b"]],
    )
lab.faults.clear()
lab.faults.add(
    service="dynamodb",
    operation="GetItem",
    caller=f"*{ROLE}*",
    error="AccessDeniedException",
    status=400,
    count=1,
)
ask("table")
ask("table")
print(lab.faults.struck())
