lab.faults.clear()
away = {"error": "DatabaseDown", "message": "no answer", "until": lab.now() + 600}
lab.faults.add(kind="invocation", resource=f"*:function:{FUNCTION}*", **away)
hand_over({"order": "A-2", "amount": 30})
time.sleep(200)

while lambda_.invoke(
    FunctionName=FUNCTION, Payload=json.dumps({"order": "probe", "amount": 0})
).get("FunctionError"):
    time.sleep(60)
while messages := sqs.receive_message(
    QueueUrl=queue_url, MaxNumberOfMessages=10
).get("Messages"):
    for message in messages:
        lambda_.invoke(
            FunctionName=FUNCTION, InvocationType="Event", Payload=message["Body"]
        )
time.sleep(1)
