SOURCE = """
import json
import os

import boto3
import pixels

s3 = boto3.client("s3")
dynamodb = boto3.client("dynamodb")
sns = boto3.client("sns")


def handler(event, context):
    for record in event.get("Records", []):
        bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
        picture = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        small = pixels.thumbnail(picture, 64)
        s3.put_object(
            Bucket=os.environ["THUMBS_BUCKET"],
            Key=f"thumbs/{key}",
            Body=small,
            ContentType="image/png",
        )
        item = {
            "key": {"S": key},
            "bytes": {"N": str(len(small))},
            "request_id": {"S": context.aws_request_id},
        }
        dynamodb.put_item(TableName=os.environ["TABLE"], Item=item)
        sns.publish(
            TopicArn=os.environ["TOPIC_ARN"],
            Message=json.dumps({"key": key, "thumbnail": f"thumbs/{key}"}),
        )
        print(json.dumps({"thumbnail": f"thumbs/{key}", "bytes": len(small)}))
"""


def deploy(source):
    """Create the function, or give it new code."""
    try:
        lambda_.create_function(
            FunctionName=FUNCTION,
            Runtime="python3.14",
            Role=role,
            Handler="app.handler",
            Code={"ZipFile": zipped({"app.py": source})},
            Layers=[layer],
            Timeout=30,
            MemorySize=512,
            Environment={
                "Variables": {
                    "THUMBS_BUCKET": THUMBS_BUCKET,
                    "TABLE": "photos",
                    "TOPIC_ARN": topic_arn,
                }
            },
        )
    except lambda_.exceptions.ResourceConflictException:
        lambda_.update_function_code(
            FunctionName=FUNCTION, ZipFile=zipped({"app.py": source})
        )
        lambda_.get_waiter("function_updated_v2").wait(FunctionName=FUNCTION)
    lambda_.get_waiter("function_active_v2").wait(FunctionName=FUNCTION)


trust = {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
try:
    iam.create_role(
        RoleName=ROLE,
        AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [trust]}
        ),
    )
except iam.exceptions.EntityAlreadyExistsException:
    pass
role = iam.get_role(RoleName=ROLE)["Role"]["Arn"]
allow(
    "write-own-log",
    [
        {
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"arn:aws:logs:{region}:{account}:log-group:{LOG_GROUP}:*",
        }
    ],
)
allow(
    "make-thumbnails",
    [
        {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{INBOX_BUCKET}/*"},
        {"Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{THUMBS_BUCKET}/thumbs/*"},
        {"Action": "dynamodb:*", "Resource": table_arn},
        {"Action": "sns:Publish", "Resource": topic_arn},
    ],
)
deploy(SOURCE)
