lab.faults.clear()
lab.faults.add(
    kind="invocation",
    resource=f"*function:{FUNCTION}*",
    error="DatabaseDown",
    message="no answer",
)
for number in range(3):
    hand_over(order=f"I-{number}", cents=100)
for _ in range(4):
    traffic(good=4)
print("in the middle of it:", states(ERRORS, LETTERS, PAGE))

# 1. Take the cause away.
lab.faults.clear()
for _ in range(6):
    traffic(good=4)
print("the cause is gone:", states(ERRORS, LETTERS, PAGE))

# 2. Repair the damage: the orders that were given up.
dead_url = make_queue(DEAD)[0]
while messages := sqs.receive_message(
    QueueUrl=dead_url, MaxNumberOfMessages=10
).get("Messages"):
    for message in messages:
        lambda_.invoke(
            FunctionName=FUNCTION, InvocationType="Event", Payload=message["Body"]
        )
        sqs.delete_message(QueueUrl=dead_url, ReceiptHandle=message["ReceiptHandle"])
minutes(8)
print("repaired:", states(ERRORS, LETTERS, PAGE))
