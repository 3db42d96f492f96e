log_rights = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
give({"Action": ["dynamodb:GetItem", "s3:PutObject", *log_rights], "Resource": "*"})
print(run({"order": "A-1"}))
for action in (
    "dynamodb:DeleteTable",
    "dynamodb:Scan",
    "s3:PutBucketPolicy",
    "logs:PutLogEvents",
):
    print(f"{may(action, '*'):13} {action}")
