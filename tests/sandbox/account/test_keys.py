"""``KMSKeyArn`` and ``VpcId``: what a function's configuration says of other services' resources, and who may see and use it.

Lambda guide, configuration-envvars, "Securing environment variables": CreateGrant and Encrypt to configure a key, Decrypt to view
the variables. Invoke, API reference: KMSDisabledException, KMSInvalidStateException and KMSNotFoundException are 502.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.delivery.stage import ACCOUNT, REGION, Stage, stage

READS = "import os\ndef handler(event, context):\n    return os.environ['TOKEN']\n"
TOKEN = {"Variables": {"TOKEN": "t"}}


@pytest.fixture(scope="module", name="opened")
def open_stage() -> Iterator[Stage]:
    with stage() as at:
        yield at


@pytest.fixture
def at(opened: Stage) -> Stage:
    return opened.again()


def as_user(at: Stage, *actions: str) -> Any:
    """A Lambda client of a user who may all of Lambda, and this."""
    iam = at.client("iam")
    iam.create_user(UserName="auditor")
    statement = {"Effect": "Allow", "Action": ["lambda:*", "iam:PassRole", *actions], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="auditor", PolicyName="p", PolicyDocument=document)
    keys = iam.create_access_key(UserName="auditor")["AccessKey"]
    return at.account.client("lambda", aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"])


def sealed(at: Stage) -> str:
    key = at.client("kms").create_key()["KeyMetadata"]
    at.function(source=READS, Environment=TOKEN, KMSKeyArn=key["Arn"])
    return str(key["KeyId"])


def test_who_may_not_decrypt_sees_everything_but_the_variables(at: Stage) -> None:
    sealed(at)
    client = as_user(at)
    for shown in (
        client.get_function_configuration(FunctionName="worker"),
        client.get_function(FunctionName="worker")["Configuration"],
        client.list_functions()["Functions"][0],
    ):
        assert shown["Environment"]["Error"]["ErrorCode"] == "AccessDeniedException"
        assert "Variables" not in shown["Environment"]
        assert shown["Handler"] == "app.handler"
    assert at.client("lambda").get_function_configuration(FunctionName="worker")["Environment"] == TOKEN


def test_who_may_decrypt_sees_the_variables(at: Stage) -> None:
    sealed(at)
    shown = as_user(at, "kms:Decrypt").get_function_configuration(FunctionName="worker")
    assert shown["Environment"] == TOKEN


def test_the_default_key_hides_nothing_from_nobody(at: Stage) -> None:
    at.function(source=READS, Environment=TOKEN)
    assert as_user(at).get_function_configuration(FunctionName="worker")["Environment"] == TOKEN


@pytest.mark.parametrize(("granted", "missing"), [((), "kms:CreateGrant"), (("kms:CreateGrant",), "kms:Encrypt")])
def test_who_configures_a_key_needs_a_grant_on_it_and_encrypt(at: Stage, granted: tuple[str, ...], missing: str) -> None:
    at.function(source=READS, Environment=TOKEN)
    arn = at.client("kms").create_key()["KeyMetadata"]["Arn"]
    with pytest.raises(ClientError, match=missing):
        as_user(at, *granted).update_function_configuration(FunctionName="worker", KMSKeyArn=arn)


def test_a_key_that_is_switched_off_stops_new_environments_only(at: Stage) -> None:
    key_id = sealed(at)
    client, kms = at.client("lambda"), at.client("kms")
    assert json.load(client.invoke(FunctionName="worker")["Payload"]) == "t"
    kms.disable_key(KeyId=key_id)
    assert json.load(client.invoke(FunctionName="worker")["Payload"]) == "t"
    client.update_function_configuration(FunctionName="worker", Timeout=5)
    with pytest.raises(ClientError) as caught:
        client.invoke(FunctionName="worker")
    answer = caught.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("KMSDisabledException", 502)
    kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)
    with pytest.raises(ClientError, match="KMSInvalidStateException"):
        client.invoke(FunctionName="worker")


def test_a_key_that_is_not_there_is_told(at: Stage) -> None:
    at.function(
        source=READS, Environment=TOKEN, KMSKeyArn=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"
    )
    with pytest.raises(ClientError, match="KMSNotFoundException"):
        at.client("lambda").invoke(FunctionName="worker")


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/shop", "Key Aliases are not supported for this operation."),
        ("arn:aws:kms:x", "Invalid arn"),
    ],
)
def test_a_function_takes_a_key_by_its_own_arn_only(at: Stage, key: str, says: str) -> None:
    """AWS's answer as hashicorp/terraform 20813 quotes it."""
    with pytest.raises(ClientError, match=says) as caught:
        at.function(source=READS, Environment=TOKEN, KMSKeyArn=key)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValueException"


def test_the_vpc_of_a_functions_subnets_is_shown(at: Stage) -> None:
    """Lambda API reference, VpcConfigResponse: "VpcId: The ID of the VPC"."""
    at.role("networked", ["logs:*", "ec2:*"])
    ec2 = at.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    networked = f"arn:aws:iam::{ACCOUNT}:role/networked"
    at.function(Role=networked, VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": ["sg-1"]})
    assert at.client("lambda").get_function_configuration(FunctionName="worker")["VpcConfig"]["VpcId"] == vpc


def test_an_event_for_a_bus_that_is_not_there_is_accepted_and_gone(at: Stage) -> None:
    """aws/aws-cli 9186: PutEvents answers with an EventId and FailedEntryCount 0."""
    entry = {"Source": "mine", "DetailType": "message", "Detail": "{}", "EventBusName": "no-such-bus"}
    answer = at.client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0
    assert list(answer["Entries"][0]) == ["EventId"]
    at.settle()
    row = next(row for row in at.control.balance() if row["source"] == "eventbridge events")
    assert row["dropped"] == {"no such bus": 1}
