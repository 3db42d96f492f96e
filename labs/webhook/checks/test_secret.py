"""The key is in the secret, the role may read this one, and neither code nor configuration holds it."""

import io
import json
import urllib.request
import zipfile

from autograder.checks.expect import expect


def test_the_key_is_nowhere_but_in_the_secret(aws, lab):
    key = aws("secretsmanager").get_secret_value(SecretId=lab.name("secret"))["SecretString"]
    found = aws("lambda").get_function(FunctionName=lab.name("receiver"))
    shown = json.dumps(found["Configuration"], default=str)
    expect(key not in shown, "The key stands in the function's configuration, for everybody who may look at the function.")
    with urllib.request.urlopen(found["Code"]["Location"]) as answer:  # noqa: S310 - the address came from the account
        package = zipfile.ZipFile(io.BytesIO(answer.read()))
    for name in package.namelist():
        expect(key.encode() not in package.read(name), f"The key stands in the code: {name}.")


def test_the_receiver_reads_it_and_may_read_no_other(aws, lab, session):
    iam, role_name = aws("iam"), lab.name("receiver_role")
    role = iam.get_role(RoleName=role_name)["Role"]["Arn"]
    own = aws("secretsmanager").describe_secret(SecretId=lab.name("secret"))["ARN"]
    other = f"arn:aws:secretsmanager:{session.region}:{role.split(':')[4]}:secret:another-AbCdEf"

    def may(action: str, resource: str) -> bool:
        answer = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource])
        return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"

    expect(may("secretsmanager:GetSecretValue", own), "The receiver's role may not read the secret.")
    expect(not may("secretsmanager:GetSecretValue", other), "The role may read other secrets too: name this secret's ARN.")
    expect(not may("secretsmanager:PutSecretValue", own), "The role may change the secret; the receiver only ever reads it.")
    expect(not may("secretsmanager:DeleteSecret", own), "The role may delete the secret; the receiver only ever reads it.")


def test_the_receiver_still_answers(aws, lab, http):
    url = aws("lambda").get_function_url_config(FunctionName=lab.name("receiver"))["FunctionUrl"]
    answer = http(url, method="POST", body=b'{"id": "check-secret", "customer": "ada", "cents": 1}')
    expect(answer.status < 500, f"The receiver answers {answer.status} {answer.text[:200]}: does it read the secret?")
