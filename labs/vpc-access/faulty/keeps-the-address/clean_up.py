lab.faults.clear()
lambda_.delete_function(FunctionName=FUNCTION)
for row in ec2.describe_nat_gateways(
    Filter=[{"Name": "vpc-id", "Values": [net["vpc"]]}]
)["NatGateways"]:
    ec2.delete_nat_gateway(NatGatewayId=row["NatGatewayId"])
ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint("dynamodb"), endpoint("secretsmanager")])
forget_network()
logs.delete_log_group(logGroupName=f"/aws/lambda/{FUNCTION}")
for row in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]:
    iam.detach_role_policy(RoleName=ROLE, PolicyArn=row["PolicyArn"])
for name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
    iam.delete_role_policy(RoleName=ROLE, PolicyName=name)
iam.delete_role(RoleName=ROLE)
dynamodb.delete_table(TableName=TABLE)
for name in (SECRET, OTHER):
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
supplier.delete_queue(QueueUrl=supplier.get_queue_url(QueueName=PARTNER)["QueueUrl"])
