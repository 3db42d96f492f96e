"""Waiting in a cell is a jump of the account's clock, before and after a function has run in the same interpreter."""

# ruff: noqa: TID251 - the sleep is what is tested, and it costs nothing

from __future__ import annotations

import io
import json
import time
import zipfile

import boto3

from courseware.live.account import page_account

TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def test_a_cell_sleeps_on_the_accounts_clock_also_after_a_function_has_run():
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", "import time\n\n\ndef handler(event, context):\n    time.sleep(1)\n")
    real_sleep = time.sleep
    began = time.monotonic()
    with page_account():
        time.sleep(3600)
        region = {"region_name": "us-east-1"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
        role = boto3.client("iam", **region).create_role(RoleName="r", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        lambda_ = boto3.client("lambda", **region)
        code = {"ZipFile": package.getvalue()}
        lambda_.create_function(FunctionName="f", Runtime="python3.14", Role=role, Handler="app.handler", Code=code)
        assert lambda_.invoke(FunctionName="f")["StatusCode"] == 200
        time.sleep(3600)
    assert time.monotonic() - began < 600
    assert time.sleep is real_sleep
