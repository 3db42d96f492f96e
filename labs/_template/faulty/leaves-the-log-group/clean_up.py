lambda_.delete_function(FunctionName=FUNCTION)
iam.delete_role_policy(RoleName=ROLE, PolicyName="write-own-log")
iam.delete_role(RoleName=ROLE)
