lab.faults.clear()
for function, role in ((PAY, PAY_ROLE), (ROTATE, ROTATE_ROLE)):
    lambda_.delete_function(FunctionName=function)
    logs.delete_log_group(logGroupName=f"/aws/lambda/{function}")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    iam.delete_role(RoleName=role)
dynamodb.delete_table(TableName=BANK)
secrets.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)
