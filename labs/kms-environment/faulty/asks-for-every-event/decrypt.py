give("open-the-token", {"Action": "kms:Decrypt", "Resource": key_arn})
role_arn = deploy(
    """
import base64
import hashlib
import os

import boto3

kms = boto3.client("kms")
cipher = base64.b64decode(os.environ["TOKEN"])
purpose = {"function": os.environ["AWS_LAMBDA_FUNCTION_NAME"]}


def handler(event, context):
    TOKEN = kms.decrypt(
        CiphertextBlob=cipher, EncryptionContext=purpose
    )["Plaintext"].decode()
    return hashlib.sha256(TOKEN.encode()).hexdigest()[:8]
""",
    TOKEN=token,
)
print(run(), run(), run())
lab.calls(ROLE)
