lab.faults.clear()
for name in (FUNCTION, ADVISOR):
    lambda_.delete_function(FunctionName=name)
    logs.delete_log_group(logGroupName=f"/aws/lambda/{name}")
iam.delete_role_policy(RoleName=ROLE, PolicyName="what-it-does")
iam.delete_role(RoleName=ROLE)
dynamodb.delete_table(TableName=TABLE)
