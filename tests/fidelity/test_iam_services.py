"""Policies of single services out of AWS's documentation. Each case names its page.

IAM stands for the IAM user guide, ORG for the Organizations user guide, KMS for the KMS developer guide, DDB for the DynamoDB
developer guide, LAMBDA for the Lambda developer guide.
"""

from __future__ import annotations

import pytest

from sandbox.iam.principal import service
from tests.fidelity.iam_case import BUCKET, DENIED, NO, OBJECT, YES, A, B, Case, allow, deny, role, user

TABLE = f"arn:aws:dynamodb:us-west-2:{A}:table/MyTable"
KEY = f"arn:aws:kms:us-west-2:{A}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FUNCTION = f"arn:aws:lambda:us-east-2:{A}:function:my-function"
DEMO_ROLE = f"arn:aws:iam::{A}:role/DemoRole"

LEADING = (
    allow(
        ["dynamodb:GetItem", "dynamodb:Query"],
        TABLE,
        {
            "ForAllValues:StringEquals": {
                "dynamodb:LeadingKeys": ["${www.amazon.com:user_id}"],
                "dynamodb:Attributes": ["UserId", "Top"],
            }
        },
    ),
)
ROOT_KEY = (allow("kms:*", "*", principal={"AWS": f"arn:aws:iam::{A}:root"}),)
S3_INVOKES = (
    allow(
        "lambda:InvokeFunction",
        FUNCTION,
        {"StringEquals": {"AWS:SourceAccount": A}, "ArnLike": {"AWS:SourceArn": BUCKET}},
        {"Service": "s3.amazonaws.com"},
    ),
)
FROM_BUCKET = {"aws:SourceAccount": A, "aws:SourceArn": BUCKET}

CASES = [
    # -- services
    Case("KMS key-policy-default: the account delegates", YES, "kms:Decrypt", KEY, (allow("kms:Decrypt", KEY),), own=ROOT_KEY),
    Case("KMS key-policy-default: delegation is no grant", NO, "kms:Decrypt", KEY, own=ROOT_KEY),
    Case(
        "KMS control-access-overview: IAM policies alone are not enough",
        NO,
        "kms:Decrypt",
        KEY,
        (allow("kms:*"),),
        own=(allow("kms:*", "*", principal={"AWS": user("KeyAdmin").arn}),),
    ),
    Case(
        "KMS key-policies: the key policy may name the user",
        YES,
        "kms:Decrypt",
        KEY,
        own=(allow("kms:Decrypt", "*", principal={"AWS": user().arn}),),
    ),
    Case(
        "KMS key-policy-modifying-external-accounts",
        YES,
        "kms:Decrypt",
        KEY,
        (allow("kms:Decrypt", KEY),),
        user("Eve", B),
        own=(allow("kms:Decrypt", "*", principal={"AWS": f"arn:aws:iam::{B}:root"}),),
    ),
    Case(
        "DDB specifying-conditions: own items",
        YES,
        "dynamodb:GetItem",
        TABLE,
        LEADING,
        context={"www.amazon.com:user_id": "u1", "dynamodb:LeadingKeys": ["u1"], "dynamodb:Attributes": ["UserId"]},
    ),
    Case(
        "DDB specifying-conditions: other's items",
        NO,
        "dynamodb:GetItem",
        TABLE,
        LEADING,
        context={"www.amazon.com:user_id": "u1", "dynamodb:LeadingKeys": ["u1", "u2"], "dynamodb:Attributes": ["UserId"]},
    ),
    Case(
        "DDB specifying-conditions: hidden attribute",
        NO,
        "dynamodb:GetItem",
        TABLE,
        LEADING,
        context={"www.amazon.com:user_id": "u1", "dynamodb:LeadingKeys": ["u1"], "dynamodb:Attributes": ["UserId", "Secret"]},
    ),
    Case(
        "LAMBDA permissions-function-services: bucket of the account",
        YES,
        "lambda:InvokeFunction",
        FUNCTION,
        who=service("s3.amazonaws.com"),
        context=FROM_BUCKET,
        own=S3_INVOKES,
    ),
    Case(
        "LAMBDA permissions-function-services: same name, another account",
        NO,
        "lambda:InvokeFunction",
        FUNCTION,
        who=service("s3.amazonaws.com"),
        context={**FROM_BUCKET, "aws:SourceAccount": B},
        own=S3_INVOKES,
    ),
    Case(
        "LAMBDA permissions-function-services: another service",
        NO,
        "lambda:InvokeFunction",
        FUNCTION,
        who=service("sns.amazonaws.com"),
        context=FROM_BUCKET,
        own=S3_INVOKES,
    ),
    Case(
        "LAMBDA permissions-user-function: within the account either policy is enough",
        YES,
        "lambda:InvokeFunction",
        FUNCTION,
        (allow("lambda:InvokeFunction", FUNCTION),),
    ),
    Case(
        "LAMBDA permissions-source-function-arn",
        DENIED,
        "s3:PutObject",
        OBJECT,
        (allow(), deny("s3:*", condition={"ArnNotEquals": {"lambda:SourceFunctionArn": f"{FUNCTION}-other"}})),
        role(source_function_arn=FUNCTION),
    ),
    Case(
        "IAM id_roles_create_for-user_externalid",
        YES,
        "sts:AssumeRole",
        DEMO_ROLE,
        (allow("sts:AssumeRole", DEMO_ROLE),),
        user("x", B),
        context={"sts:ExternalId": "12345"},
        own=(
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": B},
                "Condition": {"StringEquals": {"sts:ExternalId": "12345"}},
            },
        ),
    ),
    Case(
        "IAM id_roles_create_for-user_externalid",
        NO,
        "sts:AssumeRole",
        DEMO_ROLE,
        (allow("sts:AssumeRole", DEMO_ROLE),),
        user("x", B),
        own=(
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": B},
                "Condition": {"StringEquals": {"sts:ExternalId": "12345"}},
            },
        ),
    ),
    Case(
        "IAM id_roles_use_permissions-to-switch: trust names the user",
        YES,
        "sts:AssumeRole",
        DEMO_ROLE,
        own=({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": user().arn}},),
    ),
    Case(
        "IAM id_roles_use_passrole",
        YES,
        "iam:PassRole",
        DEMO_ROLE,
        (allow("iam:PassRole", DEMO_ROLE, {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}),),
        context={"iam:PassedToService": "lambda.amazonaws.com"},
    ),
    Case(
        "IAM id_roles_use_passrole",
        NO,
        "iam:PassRole",
        DEMO_ROLE,
        (allow("iam:PassRole", DEMO_ROLE, {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}),),
        context={"iam:PassedToService": "ec2.amazonaws.com"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case.source}" for number, case in enumerate(CASES)])
def test_a_documented_policy_leads_to_the_documented_decision(case: Case) -> None:
    """Source: the AWS page named in the case."""
    assert case.decide() == case.decision
