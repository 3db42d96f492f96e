lab.faults.clear()
try:
    lambda_.delete_function(FunctionName=FUNCTION)
except lambda_.exceptions.ResourceNotFoundException:
    pass  # gone already: this cell has run before
logs.delete_log_group(logGroupName=LOG_GROUP)
for name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
    iam.delete_role_policy(RoleName=ROLE, PolicyName=name)
iam.delete_role(RoleName=ROLE)
dynamodb.delete_table(TableName=LEDGER)
dynamodb.delete_table(TableName=MEMORY)
