queue_url = sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
queue_arn = sqs.get_queue_attributes(
    QueueUrl=queue_url, AttributeNames=["QueueArn"]
)["Attributes"]["QueueArn"]
allow("write-dead-letters", ["sqs:*"], queue_arn)
lambda_.update_function_configuration(
    FunctionName=FUNCTION, DeadLetterConfig={"TargetArn": queue_arn}
)
