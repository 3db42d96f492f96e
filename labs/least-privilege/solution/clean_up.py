for function in (FUNCTION, STRANGER):
    lambda_.delete_function(FunctionName=function)
    for group in logs.describe_log_groups(
        logGroupNamePrefix=f"/aws/lambda/{function}"
    )["logGroups"]:
        logs.delete_log_group(logGroupName=group["logGroupName"])
for name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
    iam.delete_role_policy(RoleName=ROLE, PolicyName=name)
iam.delete_role(RoleName=ROLE)
iam.delete_policy(PolicyArn=ceiling_arn)
for name in (TABLE, SIBLING):
    dynamodb.delete_table(TableName=name)
sqs.delete_queue(QueueUrl=queue_url)
for row in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
    s3.delete_object(Bucket=BUCKET, Key=row["Key"])
s3.delete_bucket(Bucket=BUCKET)
