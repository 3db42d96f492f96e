secret_arn = secrets.describe_secret(SecretId=SECRET)["ARN"]
document = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": "*",
        }
    ],
}
ec2.modify_vpc_endpoint(
    VpcEndpointId=endpoint("secretsmanager"), PolicyDocument=json.dumps(document)
)
ask("secret")
ask("secret", name=OTHER)
