CREATE = '''
def create(arn, token):
    """A new value beside the current one. One that is there from an earlier try stays."""
    try:
        secrets.get_secret_value(SecretId=arn, VersionId=token, VersionStage="AWSPENDING")
    except secrets.exceptions.ResourceNotFoundException:
        new = secrets.get_random_password(
            PasswordLength=24, ExcludePunctuation=True
        )["RandomPassword"]
        secrets.put_secret_value(
            SecretId=arn,
            ClientRequestToken=token,
            SecretString=new,
            VersionStages=["AWSPENDING"],
        )
'''
deploy(ROTATE, ROTATE_ROLE, BANK_CLIENT + CREATE + FINISH + STEPS)
lab.faults.clear()
forget_unfinished()
caller = f"*{ROTATE_ROLE}*"
lab.faults.add(
    service="dynamodb",
    operation="GetItem",
    caller=caller,
    error="AccessDeniedException",
    status=400,
    count=1,
)
rotate_now()
print("ten seconds later:", labels(), pay("A-5"))
rotate_now()
time.sleep(60)
print("a minute later:   ", labels(), pay("A-6"))
lab.story("rotation", last=10)
