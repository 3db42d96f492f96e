stepfunctions.delete_state_machine(stateMachineArn=machine_arn)
lambda_.delete_function(FunctionName=FUNCTION)
logs.delete_log_group(logGroupName=LOG_GROUP)
dynamodb.delete_table(TableName=TABLE)
for name in (ROLE, MACHINE_ROLE):
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)
time.sleep(60)
