print(waiting(DEAD), "dead letters")
sqs.purge_queue(QueueUrl=dead_url)
time.sleep(600)
print(waiting(QUEUE), "wait,", waiting(DEAD), "dead letters,", labels())
