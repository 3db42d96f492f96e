for number in (8, 9):
    hand_over({"order": f"B-{number}", "amount": -number})
time.sleep(100)

# Visibility timeout 0: a look that leaves the messages where they are.
answer = sqs.receive_message(
    QueueUrl=queue_url,
    MaxNumberOfMessages=10,
    VisibilityTimeout=0,
    MessageAttributeNames=["All"],
)
for message in answer.get("Messages", []):
    why = {
        name: value["StringValue"] for name, value in message["MessageAttributes"].items()
    }
    print(json.loads(message["Body"])["order"], why)
