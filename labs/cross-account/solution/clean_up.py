lambda_.delete_function(FunctionName=FUNCTION)
logs.delete_log_group(logGroupName=f"/aws/lambda/{FUNCTION}")
for name in (ROLE, READER):
    drop_role(iam, name)
dynamodb.delete_table(TableName=TABLE)
for name in (CALLER, BYSTANDER):
    drop_role(partner.client("iam"), name)
orders.delete_queue(QueueUrl=queue_url)
drop_bucket(partner)
drop_bucket(stranger, "stranger-uploads")
