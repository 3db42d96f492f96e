other = kms.encrypt(
    KeyId=key_id, Plaintext="tok-of-payroll", EncryptionContext={"function": "payroll"}
)["CiphertextBlob"]
own_purpose = {"StringEquals": {"kms:EncryptionContext:function": FUNCTION}}
give("open-the-token", {"Action": "kms:Decrypt", "Resource": "*", "Condition": own_purpose})
restart()
print(run())
for purpose in (FUNCTION, "payroll"):
    entry = {
        "ContextKeyName": "kms:EncryptionContext:function",
        "ContextKeyValues": [purpose],
        "ContextKeyType": "string",
    }
    answer = iam.simulate_principal_policy(
        PolicySourceArn=role_arn,
        ActionNames=["kms:Decrypt"],
        ResourceArns=[key_arn],
        ContextEntries=[entry],
    )
    print(purpose, answer["EvaluationResults"][0]["EvalDecision"])
