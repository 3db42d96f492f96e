s3.put_object(Bucket=INBOX_BUCKET, Key="summer in Zürich.png", Body=picture())
time.sleep(300)
for event in logs.filter_log_events(
    logGroupName=LOG_GROUP, filterPattern="ERROR"
)["events"][-1:]:
    print(event["message"].rstrip())

# SOURCE stays as it is: replaced twice, the name would be decoded twice.
decoding = SOURCE.replace(
    'record["s3"]["object"]["key"]', 'unquote_plus(record["s3"]["object"]["key"])'
)
deploy("from urllib.parse import unquote_plus\n" + decoding)
s3.put_object(Bucket=INBOX_BUCKET, Key="summer in Zürich.png", Body=picture())
time.sleep(5)
print(
    [item["Key"] for item in s3.list_objects_v2(Bucket=THUMBS_BUCKET).get("Contents", [])]
)
