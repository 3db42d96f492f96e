topic_arn = sns.create_topic(Name=TOPIC)["TopicArn"]
inbox_url, inbox_arn = make_queue(INBOX)
statement = {
    "Effect": "Allow",
    "Principal": {"Service": "sns.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": inbox_arn,
    "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
}
make_queue(INBOX, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
sns.subscribe(
    TopicArn=topic_arn,
    Protocol="sqs",
    Endpoint=inbox_arn,
    Attributes={"RawMessageDelivery": "true"},
)

cloudwatch.put_composite_alarm(
    AlarmName=PAGE,
    AlarmRule=f'ALARM("{ERRORS}") OR ALARM("{LETTERS}")',
    AlarmActions=[topic_arn],
)
minutes(1)
print(states())
