try:
    lambda_.delete_function_url_config(FunctionName=FUNCTION)
    lambda_.delete_function(FunctionName=FUNCTION)
except lambda_.exceptions.ResourceNotFoundException:
    pass  # gone already: this cell has run before
iam.delete_role_policy(RoleName=ROLE, PolicyName="write-own-log")
iam.delete_role(RoleName=ROLE)
logs.delete_log_group(logGroupName=LOG_GROUP)
