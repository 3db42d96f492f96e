key_id = make_key()
key_arn = kms.describe_key(KeyId=key_id)["KeyMetadata"]["Arn"]
cipher = kms.encrypt(
    KeyId=key_id, Plaintext=SECRET, EncryptionContext={"function": FUNCTION}
)["CiphertextBlob"]
token = base64.b64encode(SECRET.encode()).decode()
role_arn = deploy(IN_THE_OPEN, TOKEN=token)
print(lambda_.get_function_configuration(FunctionName=FUNCTION)["Environment"]["Variables"])
