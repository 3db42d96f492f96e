allow("write-failures", [{"Action": "sqs:SendMessage", "Resource": failures_arn}])
lambda_.put_function_event_invoke_config(FunctionName=FUNCTION, MaximumRetryAttempts=2)

s3.put_object(Bucket=INBOX_BUCKET, Key="holiday.png", Body=b"this is no picture")
time.sleep(300)
for message in sqs.receive_message(QueueUrl=failures_url, VisibilityTimeout=0).get("Messages", []):
    record = json.loads(message["Body"])
    print(record["requestContext"]["condition"], record["responsePayload"]["errorMessage"])
