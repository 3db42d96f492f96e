https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
door = ec2.describe_security_groups(GroupIds=[net["door"]])["SecurityGroups"][0]
if not door["IpPermissions"]:
    ec2.authorize_security_group_ingress(
        GroupId=net["door"],
        IpPermissions=[{**https, "UserIdGroupPairs": [{"GroupId": net["group"]}]}],
    )
if not endpoint("secretsmanager"):
    ec2.create_vpc_endpoint(
        VpcId=net["vpc"],
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{region}.secretsmanager",
        SubnetIds=[net["private-a"], net["private-b"]],
        SecurityGroupIds=[net["door"]],
        PrivateDnsEnabled=True,
    )
made = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint("secretsmanager")])
others = {row["GroupId"] for row in made["VpcEndpoints"][0]["Groups"]} - {net["door"]}
if others:  # made without a group of its own, it has the VPC's default one
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint("secretsmanager"),
        AddSecurityGroupIds=[net["door"]],
        RemoveSecurityGroupIds=list(others),
    )
ask("secret")
lab.story("network", last=1)
