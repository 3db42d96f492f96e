lab.faults.clear()
for row in apis.get_apis()["Items"]:
    if row["Name"] in ("parcel-api", "parcel-login-api"):
        apis.delete_api(ApiId=row["ApiId"])
for name in (SERVICE, DEPOT, LOGIN, GATE):
    lambda_.delete_function(FunctionName=name)
for group in logs.describe_log_groups()["logGroups"]:
    if group["logGroupName"].startswith(("/aws/lambda/parcel-", ACCESS_LOG)):
        logs.delete_log_group(logGroupName=group["logGroupName"])
for name in (ROLE, JOB):
    iam.delete_role_policy(RoleName=name, PolicyName="what-it-does")
    iam.delete_role(RoleName=name)
dynamodb.delete_table(TableName=TABLE)
