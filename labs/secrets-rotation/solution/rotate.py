FINISH = '''
def finish(arn, token):
    """Whoever reads the secret gets the new value from now on."""
    versions = secrets.describe_secret(SecretId=arn)["VersionIdsToStages"]
    current = next(
        version for version, labels in versions.items() if "AWSCURRENT" in labels
    )
    if current != token:
        secrets.update_secret_version_stage(
            SecretId=arn,
            VersionStage="AWSCURRENT",
            MoveToVersionId=token,
            RemoveFromVersionId=current,
        )

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
