lambda_.delete_function(FunctionName=FUNCTION)
logs.delete_log_group(logGroupName=f"/aws/lambda/{FUNCTION}")
for name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
    iam.delete_role_policy(RoleName=ROLE, PolicyName=name)
iam.delete_role(RoleName=ROLE)
kms.delete_alias(AliasName=ALIAS)
kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)
