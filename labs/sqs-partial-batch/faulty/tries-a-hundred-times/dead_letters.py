# The longest a queue keeps a message: a dead letter must wait until somebody
# has time for it.
dead_url, dead_arn = make_queue(DEAD, MessageRetentionPeriod="1209600")
redrive = {"deadLetterTargetArn": dead_arn, "maxReceiveCount": 100}
sqs.set_queue_attributes(
    QueueUrl=queue_url, Attributes={"RedrivePolicy": json.dumps(redrive)}
)
time.sleep(600)
print(waiting(QUEUE), "wait,", waiting(DEAD), "were given up")
