lab.faults.clear()
scheduler.delete_schedule(Name=SCHEDULE)
events.delete_archive(ArchiveName=ARCHIVE)
for rule in (BILLING_RULE, SHIPPING_RULE):
    events.remove_targets(Rule=rule, EventBusName=BUS, Ids=["target"])
    events.delete_rule(Name=rule, EventBusName=BUS)
events.delete_event_bus(Name=BUS)
lambda_.delete_function(FunctionName=SHIPPING)
logs.delete_log_group(logGroupName=f"/aws/lambda/{SHIPPING}")
for role in (SHIPPING_ROLE, SCHEDULE_ROLE):
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    iam.delete_role(RoleName=role)
for name in (BILLING, LETTERS):
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"])
dynamodb.delete_table(TableName=PARCELS)
