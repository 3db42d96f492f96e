account = boto3.client("sts").get_caller_identity()["Account"]
own_log = f"arn:aws:logs:{lambda_.meta.region_name}:{account}:log-group:{LOG_GROUP}"

trust = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
permissions = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"{own_log}:*",
        }
    ],
}

try:
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))
except iam.exceptions.EntityAlreadyExistsException:
    iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=json.dumps(trust))
iam.put_role_policy(
    RoleName=ROLE, PolicyName="write-own-log", PolicyDocument=json.dumps(permissions)
)
print(iam.get_role(RoleName=ROLE)["Role"]["Arn"])
