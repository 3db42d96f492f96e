lab.faults.clear()
lambda_.delete_event_source_mapping(UUID=mapping)
try:
    lambda_.delete_function(FunctionName=FUNCTION)
except lambda_.exceptions.ResourceNotFoundException:
    pass  # gone already: this cell has run before
logs.delete_log_group(logGroupName=LOG_GROUP)
for name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
    iam.delete_role_policy(RoleName=ROLE, PolicyName=name)
iam.delete_role(RoleName=ROLE)
sqs.delete_queue(QueueUrl=queue_url)
sqs.delete_queue(QueueUrl=dead_url)
dynamodb.delete_table(TableName=TABLE)
