for bucket in (INBOX_BUCKET, THUMBS_BUCKET):
    for item in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=item["Key"])
    s3.delete_bucket(Bucket=bucket)
try:
    lambda_.delete_function(FunctionName=FUNCTION)
except lambda_.exceptions.ResourceNotFoundException:
    pass  # gone already: this cell has run before
for version in lambda_.list_layer_versions(LayerName="pixels")["LayerVersions"]:
    lambda_.delete_layer_version(LayerName="pixels", VersionNumber=version["Version"])
logs.delete_log_group(logGroupName=LOG_GROUP)
dynamodb.delete_table(TableName="photos")
sns.delete_topic(TopicArn=topic_arn)
for url in (inbox_url, failures_url):
    sqs.delete_queue(QueueUrl=url)
for name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
    iam.delete_role_policy(RoleName=ROLE, PolicyName=name)
iam.delete_role(RoleName=ROLE)
