# The longest a queue keeps a message: a dead letter must wait until somebody
# has time for it.
dead_url, dead_arn = make_queue(DEAD, MessageRetentionPeriod="1209600")
redrive = {"deadLetterTargetArn": dead_arn, "maxReceiveCount": 5}
allow("write-dead-letters", ["sqs:SendMessage"], dead_arn)
lambda_.update_function_configuration(
    FunctionName=FUNCTION, DeadLetterConfig={"TargetArn": dead_arn}
)
time.sleep(600)
print(waiting(QUEUE), "wait,", waiting(DEAD), "were given up")
