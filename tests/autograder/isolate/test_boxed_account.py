"""An account whose functions are boxed is the same account: clients, warmth, evidence."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from autograder.isolate import choose
from sandbox.account import local_account

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
MAY_LIST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
CODE = """
import os
import boto3
s3 = boto3.client("s3")
calls = 0
def handler(event, context):
    global calls
    calls += 1
    return [calls, [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]]
"""


@pytest.fixture(scope="module", params=["bubblewrap", "unshare", "landlock"])
def account(request):
    with local_account(virtual_time=True, box=choose(backend=request.param)) as made:
        iam = made.client("iam")
        role = iam.create_role(RoleName="probe", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        iam.put_role_policy(RoleName="probe", PolicyName="list", PolicyDocument=json.dumps(MAY_LIST))
        made.client("s3").create_bucket(Bucket="hello")
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("app.py", CODE)
        made.client("lambda").create_function(
            FunctionName="probe",
            Runtime="python3.13",
            Role=role,
            Handler="app.handler",
            Code={"ZipFile": package.getvalue()},
            MemorySize=256,
            Timeout=20,
        )
        yield made


def test_a_boxed_function_reaches_its_account_and_stays_warm(account):
    answers = [json.load(account.client("lambda").invoke(FunctionName="probe")["Payload"]) for _ in range(2)]
    assert answers == [[1, ["hello"]], [2, ["hello"]]]


def test_its_calls_are_recorded_as_its_roles(account):
    account.client("lambda").invoke(FunctionName="probe")
    assert any(call["operation"] == "ListBuckets" and "probe" in call["principal"] for call in account.control.calls())
