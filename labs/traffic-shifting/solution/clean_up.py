codedeploy.delete_application(applicationName=APPLICATION)
cloudwatch.delete_alarms(AlarmNames=[ALARM])
try:
    lambda_.delete_function(FunctionName=FUNCTION)
except lambda_.exceptions.ResourceNotFoundException:
    pass  # gone already: this cell has run before
logs.delete_log_group(logGroupName=LOG_GROUP)
iam.delete_role_policy(RoleName=ROLE, PolicyName="write-own-log")
iam.delete_role(RoleName=ROLE)
for policy in iam.list_attached_role_policies(RoleName=DEPLOY_ROLE)["AttachedPolicies"]:
    iam.detach_role_policy(RoleName=DEPLOY_ROLE, PolicyArn=policy["PolicyArn"])
iam.delete_role(RoleName=DEPLOY_ROLE)
