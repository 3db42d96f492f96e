needed = [
    {"Sid": "ReadOrders", "Action": "dynamodb:GetItem", "Resource": table_arn(TABLE)},
    {
        "Sid": "WriteReceipts",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/2026/*",
    },
    {
        "Sid": "WriteItsLog",
        "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:{region}:{account}:log-group:/aws/lambda/{FUNCTION}",
    },
]
give(*needed)
print("an order: ", run({"order": "A-1"}))
print("a salary: ", run({"order": "ada", "kind": "salaries"}))
print("elsewhere:", may("s3:PutObject", f"arn:aws:s3:::{BUCKET}/index.html"))
