lab.faults.clear()
lambda_.delete_event_source_mapping(UUID=mapping)
for function, role in ((RECEIVER, RECEIVER_ROLE), (WORKER, WORKER_ROLE)):
    try:
        lambda_.delete_function(FunctionName=function)
    except lambda_.exceptions.ResourceNotFoundException:
        pass  # gone already: this cell has run before
    logs.delete_log_group(logGroupName=f"/aws/lambda/{function}")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    iam.delete_role(RoleName=role)
sqs.delete_queue(QueueUrl=queue_url)
dynamodb.delete_table(TableName=TABLE)
vault.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)
