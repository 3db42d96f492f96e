allow("write-failures", [{"Action": "sqs:SendMessage", "Resource": failures_arn}])
lambda_.put_function_event_invoke_config(FunctionName=FUNCTION, MaximumRetryAttempts=2)

lab.faults.clear()
bad_minute = {"error": "InternalError", "status": 500, "until": lab.now() + 90}
lab.faults.add(
    service="s3",
    operation="GetObject",
    resource="*/harbour.png",
    caller=f"*{ROLE}*",
    **bad_minute,
)
s3.put_object(Bucket=INBOX_BUCKET, Key="harbour.png", Body=picture())
s3.put_object(Bucket=INBOX_BUCKET, Key="holiday.png", Body=b"this is no picture")
time.sleep(300)
print(
    [
        item["Key"]
        for item in s3.list_objects_v2(
            Bucket=THUMBS_BUCKET, Prefix="thumbs/h"
        ).get("Contents", [])
    ]
)
for message in sqs.receive_message(
    QueueUrl=failures_url, VisibilityTimeout=0
).get("Messages", []):
    record = json.loads(message["Body"])
    print(record["requestContext"]["condition"], record["responsePayload"]["errorMessage"])
