net = network()
deploy(CLIENTS + HANDLER)
for what in ("table", "secret", "supplier"):
    ask(what)
named_so_far = [
    f"ec2:{name}"
    for name in (
        "CreateNetworkInterface",
        "DescribeNetworkInterfaces",
        "DeleteNetworkInterface",
    )
]
statement = {"Effect": "Allow", "Action": named_so_far, "Resource": "*"}
iam.put_role_policy(
    RoleName=ROLE,
    PolicyName="inside",
    PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
)
attach("private-a", "private-b")
for what in ("table", "secret", "supplier"):
    ask(what)
print(lambda_.get_function_configuration(FunctionName=FUNCTION)["VpcConfig"])
