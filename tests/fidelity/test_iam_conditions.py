"""Condition operators and policy variables out of AWS's documentation. Each case names its page.

IAM stands for the IAM user guide, ORG for the Organizations user guide, KMS for the KMS developer guide, DDB for the DynamoDB
developer guide, LAMBDA for the Lambda developer guide.
"""

from __future__ import annotations

import pytest

from sandbox.iam.principal import service
from tests.fidelity.iam_case import BUCKET, DENIED, NO, OBJECT, YES, A, B, Case, allow, deny, user

QUEUE, TOPIC = f"arn:aws:sqs:us-east-2:{A}:queue1", f"arn:aws:sns:us-east-2:{A}:MyTopic"
OPERATORS = "IAM reference_policies_elements_condition_operators"
MULTI = "IAM reference_policies_condition-single-vs-multi-valued-context-keys"
VARIABLES = "IAM reference_policies_variables"
HOME = (
    allow("s3:ListBucket", BUCKET, {"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/*"]}}),
    allow("s3:*", [f"{BUCKET}/home/${{aws:username}}", f"{BUCKET}/home/${{aws:username}}/*"]),
)
TEAM = (allow("s3:GetObject", f"{BUCKET}/${{aws:PrincipalTag/team, 'company-wide'}}/*"),)
ADMIN_TAG = {"StringEquals": {"aws:PrincipalTag/job-category": "iamuser-admin"}}
TOPIC_TO_QUEUE = (allow("sqs:SendMessage", QUEUE, {"ArnEquals": {"aws:SourceArn": TOPIC}}, {"Service": "sns.amazonaws.com"}),)
TLS = (deny("s3:*", [BUCKET, f"{BUCKET}/*"], {"Bool": {"aws:SecureTransport": "false"}}, "*"),)

CASES = [
    # -- condition operators
    Case(
        f"{OPERATORS}: StringEquals",
        YES,
        "iam:CreateUser",
        "*",
        (allow("iam:*", condition=ADMIN_TAG),),
        user(tags={"job-category": "iamuser-admin"}),
    ),
    Case(
        f"{OPERATORS}: StringEquals is case-sensitive",
        NO,
        "iam:CreateUser",
        "*",
        (allow("iam:*", condition=ADMIN_TAG),),
        user(tags={"job-category": "IamUser-Admin"}),
    ),
    Case(f"{OPERATORS}: StringEquals without the key", NO, "iam:CreateUser", "*", (allow("iam:*", condition=ADMIN_TAG),)),
    Case(
        f"{OPERATORS}: NumericLessThanEquals",
        YES,
        "s3:ListBucket",
        BUCKET,
        (allow("s3:ListBucket", BUCKET, {"NumericLessThanEquals": {"s3:max-keys": "10"}}),),
        context={"s3:max-keys": "10"},
    ),
    Case(
        f"{OPERATORS}: NumericLessThanEquals",
        NO,
        "s3:ListBucket",
        BUCKET,
        (allow("s3:ListBucket", BUCKET, {"NumericLessThanEquals": {"s3:max-keys": "10"}}),),
        context={"s3:max-keys": "11"},
    ),
    Case(
        f"{OPERATORS}: DateGreaterThan",
        YES,
        "s3:GetObject",
        OBJECT,
        (allow(condition={"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:01Z"}}),),
        context={"aws:TokenIssueTime": "2026-01-01T00:00:00Z"},
    ),
    Case(
        f"{OPERATORS}: DateLessThan with epoch time",
        NO,
        "s3:GetObject",
        OBJECT,
        (allow(condition={"DateLessThan": {"aws:CurrentTime": "1577836800"}}),),
        context={"aws:CurrentTime": "2026-01-01T00:00:00Z"},
    ),
    Case(f"{OPERATORS}: Bool", DENIED, "s3:GetObject", OBJECT, (allow(),), context={"aws:SecureTransport": "false"}, own=TLS),
    Case(f"{OPERATORS}: Bool", YES, "s3:GetObject", OBJECT, (allow(),), context={"aws:SecureTransport": "true"}, own=TLS),
    Case(
        f"{OPERATORS}: BinaryEquals",
        YES,
        "x:y",
        "*",
        (allow(condition={"BinaryEquals": {"key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="}}),),
        context={"key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="},
    ),
    Case(
        f"{OPERATORS}: IpAddress",
        YES,
        "s3:GetObject",
        OBJECT,
        (allow(condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),),
        context={"aws:SourceIp": "203.0.113.77"},
    ),
    Case(
        f"{OPERATORS}: IpAddress with IPv6",
        YES,
        "x:y",
        "*",
        (allow(condition={"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:DB8:1234:5678::/64"]}}),),
        context={"aws:SourceIp": "2001:db8:1234:5678::9"},
    ),
    Case(
        f"{OPERATORS}: NotIpAddress without the key",
        DENIED,
        "s3:GetObject",
        OBJECT,
        (allow(), deny(condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})),
    ),
    Case(
        f"{OPERATORS}: ArnEquals (topic to queue)",
        YES,
        "sqs:SendMessage",
        QUEUE,
        who=service("sns.amazonaws.com"),
        context={"aws:SourceArn": TOPIC},
        own=TOPIC_TO_QUEUE,
    ),
    Case(
        f"{OPERATORS}: ArnEquals (topic to queue)",
        NO,
        "sqs:SendMessage",
        QUEUE,
        who=service("sns.amazonaws.com"),
        context={"aws:SourceArn": f"{TOPIC}2"},
        own=TOPIC_TO_QUEUE,
    ),
    Case(
        f"{OPERATORS}: IfExists without the key",
        YES,
        "ec2:RunInstances",
        "*",
        (allow("ec2:*", condition={"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*"]}}),),
    ),
    Case(
        f"{OPERATORS}: IfExists with the key",
        NO,
        "ec2:RunInstances",
        "*",
        (allow("ec2:*", condition={"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*"]}}),),
        context={"ec2:InstanceType": "m5.large"},
    ),
    Case(
        f"{OPERATORS}: Null true means missing",
        DENIED,
        "s3:PutObject",
        OBJECT,
        (allow(), deny("s3:PutObject", condition={"Null": {"s3:x-amz-server-side-encryption": "true"}})),
    ),
    Case(
        f"{OPERATORS}: Null false means present",
        YES,
        "s3:PutObject",
        OBJECT,
        (allow(condition={"Null": {"aws:TokenIssueTime": "false"}}),),
        context={"aws:TokenIssueTime": "2026-01-01T00:00:00Z"},
    ),
    # -- several values
    Case(
        f"{MULTI}: ForAllValues",
        YES,
        "ec2:CreateTags",
        "*",
        (allow("ec2:*", condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["environment", "cost-center"]}}),),
        context={"aws:TagKeys": ["environment"]},
    ),
    Case(
        f"{MULTI}: ForAllValues",
        NO,
        "ec2:CreateTags",
        "*",
        (allow("ec2:*", condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["environment", "cost-center"]}}),),
        context={"aws:TagKeys": ["environment", "owner"]},
    ),
    Case(
        f"{MULTI}: ForAllValues is true without values",
        YES,
        "ec2:CreateTags",
        "*",
        (allow("ec2:*", condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["environment"]}}),),
    ),
    Case(
        f"{MULTI}: ForAnyValue",
        DENIED,
        "ec2:CreateTags",
        "*",
        (allow(), deny("ec2:*", condition={"ForAnyValue:StringEquals": {"aws:TagKeys": "webserver"}})),
        context={"aws:TagKeys": ["a", "webserver"]},
    ),
    Case(
        f"{MULTI}: ForAnyValue is false without values",
        YES,
        "ec2:CreateTags",
        "*",
        (allow(), deny("ec2:*", condition={"ForAnyValue:StringEquals": {"aws:TagKeys": "webserver"}})),
    ),
    Case(
        "IAM reference_policies_multi-value-conditions: keys are ANDed",
        NO,
        "s3:GetObject",
        OBJECT,
        (allow(condition={"StringEquals": {"aws:PrincipalTag/a": "1", "aws:PrincipalTag/b": "2"}}),),
        user(tags={"a": "1", "b": "3"}),
    ),
    Case(
        "IAM reference_policies_multi-value-conditions: negated values are NORed",
        NO,
        "x:y",
        "*",
        (allow(condition={"StringNotEquals": {"aws:PrincipalAccount": [A, B]}}),),
    ),
    # -- variables
    Case(f"{VARIABLES} (home folders)", YES, "s3:PutObject", OBJECT, HOME),
    Case(f"{VARIABLES} (home folders)", NO, "s3:PutObject", OBJECT, HOME, user("Mary")),
    Case(f"{VARIABLES} (home folders)", YES, "s3:ListBucket", BUCKET, HOME, context={"s3:prefix": "home/JohnDoe/x"}),
    Case(f"{VARIABLES} (home folders)", NO, "s3:ListBucket", BUCKET, HOME, context={"s3:prefix": "home/Mary/"}),
    Case(f"{VARIABLES}: default value", YES, "s3:GetObject", f"{BUCKET}/company-wide/x", TEAM),
    Case(f"{VARIABLES}: default value not needed", YES, "s3:GetObject", f"{BUCKET}/red/x", TEAM, user(tags={"team": "red"})),
    Case(
        f"{VARIABLES}: default value not needed", NO, "s3:GetObject", f"{BUCKET}/company-wide/x", TEAM, user(tags={"team": "red"})
    ),
    Case(
        f"{VARIABLES}: no value, no match",
        NO,
        "s3:GetObject",
        f"{BUCKET}/x/y",
        (allow("s3:*", f"{BUCKET}/${{aws:PrincipalTag/team}}/*"),),
    ),
    Case(
        f"{VARIABLES}: negated operators match a null value",
        YES,
        "x:y",
        "*",
        (allow(condition={"StringNotLike": {"aws:ResourceTag/environment": "${aws:PrincipalTag/none}"}}),),
        context={"aws:ResourceTag/environment": "a"},
    ),
    Case(f"{VARIABLES}: ${{*}} is a star", NO, "s3:GetObject", f"{BUCKET}/ab", (allow("s3:*", f"{BUCKET}/${{*}}"),)),
    Case(f"{VARIABLES}: version 2008-10-17 has none", NO, "s3:PutObject", OBJECT, HOME, version="2008-10-17"),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case.source}" for number, case in enumerate(CASES)])
def test_a_documented_policy_leads_to_the_documented_decision(case: Case) -> None:
    """Source: the AWS page named in the case."""
    assert case.decide() == case.decision
