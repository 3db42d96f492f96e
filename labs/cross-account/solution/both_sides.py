orders = partner.client("sqs")
queue_url = orders.create_queue(QueueName=QUEUE)["QueueUrl"]
queue_arn = f"arn:aws:sqs:{region}:{PARTNER}:{QUEUE}"


def ask(event):
    answer = json.loads(
        lambda_.invoke(FunctionName=FUNCTION, Payload=json.dumps(event))["Payload"].read()
    )
    return (
        answer["errorMessage"].split("perform: ")[-1]
        if "errorMessage" in answer
        else answer
    )


print("nothing:   ", ask({"order": "A-1"}))
give("send-orders", "sqs:SendMessage", queue_arn)
print("our half:  ", ask({"order": "A-1"}))
policy = document(
    {"Principal": {"AWS": role_arn}, "Action": "sqs:SendMessage", "Resource": queue_arn}
)
orders.set_queue_attributes(QueueUrl=queue_url, Attributes={"Policy": policy})
print("both:      ", ask({"order": "A-1"}))
