while messages := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
    for message in messages:
        lambda_.invoke(FunctionName=FUNCTION, InvocationType="Event", Payload=message["Body"])
time.sleep(1)
