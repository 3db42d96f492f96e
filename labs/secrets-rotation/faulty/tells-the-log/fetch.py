open_bank()
secret_arn = make_secret()
deploy(
    PAY,
    PAY_ROLE,
    BANK_CLIENT
    + """
def handler(event, context):
    key = secrets.get_secret_value(SecretId=os.environ["SECRET"])["SecretString"]
    print("paying with", key)
    return charge(key, event["order"])
""",
    SECRET=SECRET,
)
allow(PAY_ROLE, "read-the-key", ["secretsmanager:GetSecretValue"], secret_arn)
print(pay("A-1"))
print(lambda_.get_function_configuration(FunctionName=PAY)["Environment"]["Variables"])
