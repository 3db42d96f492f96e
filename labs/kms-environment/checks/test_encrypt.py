"""The function's variables hold a cipher of the token, bound to the function's name."""

import base64
import binascii
import json

from botocore.exceptions import ClientError

from autograder.checks.expect import expect

PLAIN = "tok-4711-partner"


def _cipher(aws, lab):
    found = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))["Environment"]["Variables"]
    expect(PLAIN not in json.dumps(found), "The token stands in the function's configuration, for everybody who may look at it.")
    try:
        cipher = base64.b64decode(found.get("TOKEN", ""), validate=True)
    except binascii.Error:
        cipher = b""
    expect(cipher, "The variable TOKEN is no base64 text: what KMS gives are bytes.")
    expect(PLAIN.encode() not in cipher, "The token is written in base64, which everybody reads. That is no cipher.")
    return cipher


def _opens(aws, cipher, context):
    try:
        return aws("kms").decrypt(CiphertextBlob=cipher, EncryptionContext=context)["Plaintext"].decode() == PLAIN
    except ClientError as error:
        if error.response["Error"]["Code"] == "AccessDeniedException":
            return None  # after the step on the key's policy nobody but the function may look
        return False


def test_a_cipher_stands_there_and_its_context_names_the_function(aws, lab):
    cipher = _cipher(aws, lab)
    opened = _opens(aws, cipher, {"function": lab.name("function")})
    expect(not _opens(aws, cipher, {}), "The cipher opens without a context: it fits into every other function as well.")
    expect(opened in (True, None), "With the context that names the function the cipher does not open to the token.")
