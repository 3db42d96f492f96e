arn = lambda_.get_function_configuration(FunctionName=FUNCTION)["FunctionArn"]
try:
    lambda_.remove_permission(FunctionName=FUNCTION, StatementId="photos-in")
except lambda_.exceptions.ResourceNotFoundException:
    pass
lambda_.add_permission(
    FunctionName=FUNCTION,
    StatementId="photos-in",
    Action="lambda:InvokeFunction",
    Principal="s3.amazonaws.com",
    SourceArn=f"arn:aws:s3:::{INBOX_BUCKET}",
    SourceAccount=account,
)
rules = [{"Name": "suffix", "Value": ".jpg"}]
call = {
    "LambdaFunctionArn": arn,
    "Events": ["s3:ObjectCreated:*"],
    "Filter": {"Key": {"FilterRules": rules}},
}
s3.put_bucket_notification_configuration(
    Bucket=INBOX_BUCKET, NotificationConfiguration={"LambdaFunctionConfigurations": [call]}
)

s3.put_object(Bucket=INBOX_BUCKET, Key="sunset.png", Body=picture())
time.sleep(5)
print(
    [item["Key"] for item in s3.list_objects_v2(Bucket=THUMBS_BUCKET).get("Contents", [])]
)
