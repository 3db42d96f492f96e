queue_url = make_surroundings()
queue_arn = sqs.get_queue_attributes(
    QueueUrl=queue_url, AttributeNames=["QueueArn"]
)["Attributes"]["QueueArn"]
give({"Action": "*", "Resource": "*"})
deploy(FUNCTION, queue_url)
print("an order:    ", run({"order": "A-1"}))
print("and a salary:", run({"order": "A-1"}))
lab.calls(ROLE)
for action in ("dynamodb:DeleteTable", "iam:CreateUser", "s3:PutBucketPolicy"):
    print(f"{may(action, '*'):13} {action}")
