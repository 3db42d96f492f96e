"""What IAM must know beyond a request: which resource a name means. Sources: the services' authorization references."""

from __future__ import annotations

import base64
import json

import pytest

ACCOUNT, REGION = "123456789012", "us-east-1"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
EDGE = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})


def found(plane, kind, name):
    return plane.find(ACCOUNT, REGION, kind, name)


def test_nothing_is_found_in_an_empty_account_and_asking_makes_no_state(plane):
    assert [found(plane, kind, "x") for kind in ("kms:alias", "iam:role", "ec2:vpc", "never:heard")] == ["", "", "", ""]
    assert not plane.world.known("kms")


def test_an_alias_and_a_ciphertext_mean_their_key(plane):
    kms = plane.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key["KeyId"])
    blob = kms.encrypt(KeyId="alias/orders", Plaintext=b"secret")["CiphertextBlob"]
    assert found(plane, "kms:alias", "alias/orders") == key["Arn"]
    assert found(plane, "kms:alias", "alias/other") == ""
    assert found(plane, "kms:ciphertext", base64.b64encode(blob).decode()) == key["Arn"]


def test_an_alias_or_a_ciphertext_of_another_account_means_that_accounts_key(plane):
    """Aliases are names of one account and Region (KMS developer guide, "Aliases"); a ciphertext carries its key's identity."""
    keys, blobs = [], []
    for account in (ACCOUNT, "444455556666"):
        if account != ACCOUNT:
            plane.identities.add_account(account)
        with plane.world.entered():
            kms = plane.world.backend("kms", account, REGION)
            key = kms.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", None)
            kms.create_alias(key.id, "alias/orders")
            blobs.append(base64.b64encode(kms.encrypt(key.id, b"secret", {})[0]).decode())
        keys.append(key.arn)
    foreign = f"arn:aws:kms:{REGION}:444455556666:alias/orders"
    assert [found(plane, "kms:alias", name) for name in ("alias/orders", foreign)] == keys
    assert [found(plane, "kms:ciphertext", blob) for blob in blobs] == keys


@pytest.mark.parametrize(
    "text", ["", "not base64!", base64.b64encode(b"\xff" * 40).decode(), base64.b64encode(b"x" * 64).decode()]
)
def test_a_ciphertext_of_no_key_names_none(plane, text):
    plane.client("kms").create_key()
    assert found(plane, "kms:ciphertext", text) == ""


def test_roles_users_groups_and_profiles_are_found_with_their_path(plane):
    iam = plane.client("iam")
    made = {
        "iam:role": iam.create_role(RoleName="n", Path="/app/", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"],
        "iam:user": iam.create_user(UserName="n", Path="/app/")["User"]["Arn"],
        "iam:group": iam.create_group(GroupName="n", Path="/app/")["Group"]["Arn"],
        "iam:instance-profile": iam.create_instance_profile(InstanceProfileName="n", Path="/app/")["InstanceProfile"]["Arn"],
    }
    assert {kind: found(plane, kind, "n") for kind in made} == made
    assert all("/app/n" in arn for arn in made.values())


def test_the_boundary_of_a_role_is_found_by_its_arn(plane):
    iam = plane.client("iam")
    boundary = iam.create_policy(PolicyName="edge", PolicyDocument=EDGE)["Policy"]["Arn"]
    role = iam.create_role(RoleName="n", AssumeRolePolicyDocument=TRUST, PermissionsBoundary=boundary)["Role"]["Arn"]
    assert found(plane, "iam:boundary", role) == boundary
    assert found(plane, "iam:boundary", role + "x") == ""


def test_a_tables_partition_key_is_found_by_its_arn(plane):
    table = plane.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "customer", "KeyType": "HASH"}, {"AttributeName": "day", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("customer", "day")],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableArn"]
    assert found(plane, "dynamodb:hash-key", table) == "customer"
    assert found(plane, "dynamodb:hash-key", table + "x") == ""


def test_a_secret_named_without_its_six_characters_is_found(plane):
    bare = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:db"
    assert found(plane, "secretsmanager:secret", bare) == ""
    made = plane.client("secretsmanager").create_secret(Name="db", SecretString="x")["ARN"]
    assert found(plane, "secretsmanager:secret", bare) == made
    assert found(plane, "secretsmanager:secret", bare + "-two") == ""
