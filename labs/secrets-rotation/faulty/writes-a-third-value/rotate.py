FINISH = '''
def finish(arn, token):
    """Whoever reads the secret gets the new value from now on."""
    versions = secrets.describe_secret(SecretId=arn)["VersionIdsToStages"]
    secrets.put_secret_value(SecretId=arn, SecretString=value(arn, "AWSPENDING"))

'''
rotate_arn = deploy(ROTATE, ROTATE_ROLE, BANK_CLIENT + CREATE + FINISH + STEPS)
own = ["GetSecretValue", "PutSecretValue", "DescribeSecret", "UpdateSecretVersionStage"]
allow(
    ROTATE_ROLE,
    "rotate-this-one",
    [f"secretsmanager:{action}" for action in own],
    secret_arn,
)
allow(ROTATE_ROLE, "make-passwords", ["secretsmanager:GetRandomPassword"], "*")
try:
    lambda_.add_permission(
        FunctionName=ROTATE,
        StatementId="secrets-manager",
        Action="lambda:InvokeFunction",
        Principal="secretsmanager.amazonaws.com",
        SourceAccount=account,
    )
except lambda_.exceptions.ResourceConflictException:
    pass
forget_unfinished()
rotate_now(RotationLambdaARN=rotate_arn)
print(labels(), pay("A-4"))
lab.story("rotation", last=8)
