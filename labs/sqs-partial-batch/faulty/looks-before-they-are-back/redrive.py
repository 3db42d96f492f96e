print(waiting(DEAD), "dead letters")
sqs.start_message_move_task(SourceArn=dead_arn)
time.sleep(30)
print(waiting(QUEUE), "wait,", waiting(DEAD), "dead letters,", labels())
