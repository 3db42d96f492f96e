"""Against the account: other principals' credentials, rights a role does not have, the channel of clock, faults and evidence."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

CALL = """
import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
def code_of(service, operation, config=None, keys=None, **params):
    client = boto3.client(service, config=config, **(keys or {}))
    try:
        getattr(client, operation)(**params)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return ""
"""


def test_a_functions_credentials_are_its_own_roles(boxed):
    assert boxed.run("import boto3\nresult = boto3.client('sts').get_caller_identity()['Arn']").split("/")[1] == "attacker"
    seen = boxed.run("result = str(dict(os.environ))")
    for secret in (boxed.account.ready["aws_access_key_id"], boxed.account.ready["aws_secret_access_key"]):
        assert secret not in seen
    assert boxed.account.ready["control_token"] not in seen


def test_a_role_without_rights_gets_at_nothing(boxed):
    calls = [
        ("iam", "create_access_key", {"UserName": "learner"}),
        ("iam", "put_role_policy", {"RoleName": "attacker", "PolicyName": "all", "PolicyDocument": "{}"}),
        ("sts", "assume_role", {"RoleArn": boxed.role, "RoleSessionName": "stolen"}),
        ("lambda", "get_function", {"FunctionName": "bystander"}),
        ("lambda", "update_function_configuration", {"FunctionName": "bystander", "Timeout": 9}),
        ("s3", "list_buckets", {}),
        ("cloudformation", "describe_stacks", {}),
        ("logs", "describe_log_groups", {}),
    ]
    codes = boxed.run(CALL + "result = [code_of(s, o, **p) for s, o, p in event['calls']]", calls=calls)
    assert set(codes) <= {"AccessDenied", "AccessDeniedException"}


def test_unsigned_and_made_up_keys_get_at_nothing(boxed):
    made_up = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "aws_session_token": None}
    code = (
        CALL
        + """
    result = [code_of("s3", "list_buckets", Config(signature_version=UNSIGNED)),
              code_of("s3", "list_buckets", keys=event["keys"]), code_of("sts", "get_caller_identity", keys=event["keys"])]
    """.replace("\n    ", "\n")
    )
    assert "" not in boxed.run(code, keys=made_up)


def test_the_root_of_the_account_and_its_learner_cannot_be_taken_over_with_a_guessed_secret(boxed):
    keys = {
        "aws_access_key_id": boxed.account.ready["aws_access_key_id"],
        "aws_secret_access_key": "guess",
        "aws_session_token": None,
    }
    assert boxed.run(CALL + "result = code_of('sts', 'get_caller_identity', keys=event['keys'])", keys=keys) != ""


@pytest.mark.parametrize("path", ["/moto-api/reset", "/moto-api/data.json", "/moto-api/state-manager/set-transition"])
def test_the_emulators_own_back_doors_are_shut(boxed, path):
    boxed.account.client("s3").create_bucket(Bucket=f"kept-{boxed.backend}{len(path)}")
    code = """
    import urllib.request, urllib.error
    result = []
    for method in ("GET", "POST"):
        body = b"{}" if method == "POST" else None
        request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"] + event["path"], method=method, data=body)
        try:
            result.append(urllib.request.urlopen(request, timeout=3).status)
        except urllib.error.HTTPError as error:
            result.append(error.code)
    """
    assert all(status >= 400 for status in boxed.run(code, path=path))
    assert f"kept-{boxed.backend}{len(path)}" in [row["Name"] for row in boxed.account.client("s3").list_buckets()["Buckets"]]


@pytest.mark.parametrize("command", ["advance", "clear-faults", "reset", "calls"])
def test_control_commands_mean_nothing_at_the_front_door(boxed, command):
    """Even with the right token: the channel has a socket of its own, out of the box's reach."""
    code = """
    import urllib.request, urllib.error
    headers = {"Authorization": "Bearer " + event["token"], "Content-Type": "application/json"}
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"] + "/" + event["command"], b'{"seconds": 60}', headers)
    try:
        result = urllib.request.urlopen(request, timeout=3).status
    except urllib.error.HTTPError as error:
        result = error.code
    """
    before = boxed.account.control.info()["now"]
    assert boxed.run(code, command=command, token=boxed.account.ready["control_token"]) >= 400
    assert boxed.account.control.info()["now"] - before < 30
    port = urlsplit(boxed.account.control.url).port
    assert boxed.run("result = said(lambda: connect(socket.AF_INET, ('127.0.0.1', event['port'])))", port=port) != ""


def test_a_function_cannot_write_itself_into_the_evidence(boxed):
    """Calls are recorded by the gate under the principal that signed, whatever headers say."""
    code = """
    import boto3
    s3 = boto3.client("s3")
    forged = {"X-Amz-Principal": "judge", "X-Forwarded-For": "8.8.8.8"}
    s3.meta.events.register("before-send", lambda request, **_: request.headers.update(forged))
    said(lambda: s3.get_object(Bucket="evidence-bucket", Key="x"))
    """
    boxed.run(code)
    made = [call for call in boxed.account.control.calls(service="s3") if "evidence-bucket" in json.dumps(call)]
    assert made
    assert all("attacker" in call["principal"] and not call["allowed"] for call in made)
