net = network()
deploy(CLIENTS + HANDLER)
for what in ("table", "secret", "supplier"):
    ask(what)
iam.attach_role_policy(
    RoleName=ROLE,
    PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
)
attach("private-a")
for what in ("table", "secret", "supplier"):
    ask(what)
print(lambda_.get_function_configuration(FunctionName=FUNCTION)["VpcConfig"])
