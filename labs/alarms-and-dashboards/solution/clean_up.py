lab.faults.clear()
cloudwatch.delete_alarms(AlarmNames=[PAGE])
cloudwatch.delete_alarms(AlarmNames=[ERRORS, SILENCE, SLOW, LETTERS, REFUSED])
cloudwatch.delete_dashboards(DashboardNames=[DASHBOARD])
sns.delete_topic(TopicArn=topic_arn)
for queue in (DEAD, INBOX):
    sqs.delete_queue(QueueUrl=make_queue(queue)[0])
try:
    lambda_.delete_function(FunctionName=FUNCTION)
except lambda_.exceptions.ResourceNotFoundException:
    pass  # gone already: this cell has run before
logs.delete_log_group(logGroupName=LOG_GROUP)
for name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
    iam.delete_role_policy(RoleName=ROLE, PolicyName=name)
iam.delete_role(RoleName=ROLE)
