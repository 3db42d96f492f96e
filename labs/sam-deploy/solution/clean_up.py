cloudformation.delete_stack(StackName=STACK)
cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK)
logs.delete_log_group(logGroupName=LOG_GROUP)
for row in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
    s3.delete_object(Bucket=BUCKET, Key=row["Key"])
s3.delete_bucket(Bucket=BUCKET)
