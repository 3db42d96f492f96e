"""Whole requests: operation, parameters and policy to decision. These are the questions on which moto's own enforcement was
measured (30 of 68 right), with what AWS's documentation says; each row names the page its expectation rests on."""

from __future__ import annotations

import pytest

from tests.fidelity.iam_request import OBJECT, QUEUE, TABLE, TOPIC, URL, A, Row, allowed, policy, row

CASES: list[Row] = [
    # conditions
    (
        "IAM condition operators: Bool",
        "s3",
        "GetObject",
        OBJECT,
        [row("s3:*"), row("s3:*", effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})],
        True,
    ),
    (
        "IAM global keys: RequestedRegion",
        "sqs",
        "SendMessage",
        URL,
        [row("sqs:*", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})],
        False,
    ),
    (
        "IAM global keys: SourceIp",
        "sqs",
        "SendMessage",
        URL,
        [row("sqs:*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})],
        False,
    ),
    (
        "IAM global keys: SourceIp",
        "sqs",
        "SendMessage",
        URL,
        [row("sqs:*", Condition={"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}})],
        True,
    ),
    (
        "IAM global keys: PrincipalTag",
        "sqs",
        "SendMessage",
        URL,
        [row("sqs:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}})],
        False,
    ),
    (
        "IAM global keys: PrincipalArn is the role",
        "sqs",
        "SendMessage",
        URL,
        [row("sqs:*", Condition={"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/app"}})],
        True,
    ),
    (
        "IAM global keys: RequestTag",
        "lambda",
        "TagResource",
        {"Resource": "arn:x", "Tags": {"env": "prod"}},
        [row("lambda:*", Condition={"StringEquals": {"aws:RequestTag/env": "test"}})],
        False,
    ),
    (
        "S3 list: prefix",
        "s3",
        "ListObjectsV2",
        {"Bucket": "b", "Prefix": "in/"},
        [row("s3:ListBucket", "arn:aws:s3:::b", Condition={"StringLike": {"s3:prefix": "in/*"}})],
        True,
    ),
    (
        "S3 list: prefix",
        "s3",
        "ListObjectsV2",
        {"Bucket": "b", "Prefix": "out/"},
        [row("s3:ListBucket", "arn:aws:s3:::b", Condition={"StringLike": {"s3:prefix": "in/*"}})],
        False,
    ),
    (
        "CloudWatch namespace",
        "cloudwatch",
        "PutMetricData",
        {"Namespace": "App"},
        [row("cloudwatch:PutMetricData", Condition={"StringEquals": {"cloudwatch:namespace": "App"}})],
        True,
    ),
    (
        "CloudWatch namespace",
        "cloudwatch",
        "PutMetricData",
        {"Namespace": "Other"},
        [row("cloudwatch:PutMetricData", Condition={"StringEquals": {"cloudwatch:namespace": "App"}})],
        False,
    ),
    (
        "DynamoDB LeadingKeys",
        "dynamodb",
        "GetItem",
        {"TableName": "t", "Key": {"pk": {"S": "other"}}},
        [row("dynamodb:GetItem", TABLE, Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["mine"]}})],
        False,
    ),
    (
        "DynamoDB LeadingKeys",
        "dynamodb",
        "GetItem",
        {"TableName": "t", "Key": {"pk": {"S": "mine"}}},
        [row("dynamodb:GetItem", TABLE, Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["mine"]}})],
        True,
    ),
    # resources of services beyond S3
    (
        "list_amazondynamodb: PutItem on its table",
        "dynamodb",
        "PutItem",
        {"TableName": "t", "Item": {}},
        [row("dynamodb:PutItem", TABLE)],
        True,
    ),
    (
        "list_amazondynamodb: PutItem on another table",
        "dynamodb",
        "PutItem",
        {"TableName": "u", "Item": {}},
        [row("dynamodb:PutItem", TABLE)],
        False,
    ),
    (
        "list_amazondynamodb: index",
        "dynamodb",
        "Query",
        {"TableName": "t", "IndexName": "i"},
        [row("dynamodb:Query", TABLE)],
        False,
    ),
    (
        "list_amazondynamodb: index",
        "dynamodb",
        "Query",
        {"TableName": "t", "IndexName": "i"},
        [row("dynamodb:Query", f"{TABLE}/index/*")],
        True,
    ),
    ("list_amazonsns: Publish on its topic", "sns", "Publish", {"TopicArn": TOPIC}, [row("sns:Publish", TOPIC)], True),
    ("list_amazonsns: Publish on another topic", "sns", "Publish", {"TopicArn": f"{TOPIC}2"}, [row("sns:Publish", TOPIC)], False),
    ("list_amazonsqs: the queue", "sqs", "SendMessage", URL, [row("sqs:SendMessage", QUEUE)], True),
    (
        "list_amazoncloudwatchlogs: stream",
        "logs",
        "PutLogEvents",
        {"logGroupName": "/g", "logStreamName": "s"},
        [row("logs:PutLogEvents", f"arn:aws:logs:us-east-1:{A}:log-group:/g:*")],
        True,
    ),
    (
        "list_amazoncloudwatchlogs: a group without :*",
        "logs",
        "CreateLogStream",
        {"logGroupName": "/g", "logStreamName": "s"},
        [row("logs:*", f"arn:aws:logs:us-east-1:{A}:log-group:/g")],
        False,
    ),
    ("list_awskms: by key", "kms", "Encrypt", {"KeyId": "k"}, [row("kms:Encrypt", f"arn:aws:kms:us-east-1:{A}:key/k")], True),
    (
        "Secrets Manager: six characters",
        "secretsmanager",
        "GetSecretValue",
        {"SecretId": "sec"},
        [row("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{A}:secret:sec-??????")],
        True,
    ),
    (
        "Secrets Manager: no suffix",
        "secretsmanager",
        "GetSecretValue",
        {"SecretId": "sec"},
        [row("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{A}:secret:sec")],
        False,
    ),
    (
        "SSM: leading slash",
        "ssm",
        "GetParameter",
        {"Name": "/app/db"},
        [row("ssm:GetParameter", f"arn:aws:ssm:us-east-1:{A}:parameter/app/*")],
        True,
    ),
    (
        "Lambda: alias ARN",
        "lambda",
        "Invoke",
        {"FunctionName": "f", "Qualifier": "prod"},
        [row("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{A}:function:f")],
        False,
    ),
    (
        "Lambda: alias ARN",
        "lambda",
        "Invoke",
        {"FunctionName": "f", "Qualifier": "prod"},
        [row("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{A}:function:f:*")],
        True,
    ),
    # wildcards and case
    (
        "IAM Resource: a dot is a dot",
        "s3",
        "GetObject",
        {"Bucket": "axb", "Key": "k"},
        [row("s3:GetObject", "arn:aws:s3:::a.b/*")],
        False,
    ),
    (
        "IAM Resource: a bar is a bar",
        "s3",
        "GetObject",
        {"Bucket": "b", "Key": "k"},
        [row("s3:GetObject", "arn:aws:s3:::a|arn:aws:s3:::b/*")],
        False,
    ),
    ("IAM Action: question mark", "s3", "GetObject", OBJECT, [row("s3:Ge?Object")], True),
    ("IAM Action: case", "s3", "GetObject", OBJECT, [row("S3:GETOBJECT")], True),
    (
        "IAM NotResource with Deny",
        "s3",
        "GetObject",
        OBJECT,
        [row("s3:*"), {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"}],
        True,
    ),
    (
        "IAM NotResource with Allow",
        "s3",
        "GetObject",
        {"Bucket": "x", "Key": "k"},
        [{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"}],
        True,
    ),
    ("IAM NotAction", "iam", "GetRole", {"RoleName": "x"}, [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], False),
    (
        "IAM explicit Deny",
        "s3",
        "GetObject",
        OBJECT,
        [row("s3:*"), row("s3:GetObject", "arn:aws:s3:::b/in/*", effect="Deny")],
        False,
    ),
    (
        "IAM variables",
        "s3",
        "GetObject",
        {"Bucket": "b", "Key": "red/k"},
        [row("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*")],
        True,
    ),
    (
        "IAM variables",
        "s3",
        "GetObject",
        {"Bucket": "b", "Key": "blue/k"},
        [row("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*")],
        False,
    ),
]


@pytest.mark.parametrize(
    ("source", "service", "operation", "params", "rows", "wanted"), CASES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)]
)
def test_a_request_is_decided_as_documented(source: str, service: str, operation: str, params, rows, wanted: bool) -> None:
    """Source: the page named in the row."""
    assert allowed(service, operation, params, rows) is wanted, source


def test_a_boundary_limits_a_request() -> None:
    """Source: IAM user guide, access_policies_boundaries."""
    assert not allowed("s3", "GetObject", OBJECT, [row("s3:*")], boundary=policy(row("sqs:*")))


def test_a_session_policy_limits_a_request() -> None:
    """Source: IAM user guide, access_policies, "Session policies"."""
    assert not allowed("s3", "PutObject", OBJECT, [row("s3:*")], session=(policy(row("s3:GetObject")),))


def test_the_usual_bucket_policy_lets_tls_requests_pass() -> None:
    """Source: S3 user guide, security best practices, "Enforce encryption of data in transit"."""
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    own = [row("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], effect="Deny", Principal="*", Condition=condition)]
    assert allowed("s3", "GetObject", OBJECT, [row("s3:*")], own=own)


def test_a_bucket_policy_may_deny_listing() -> None:
    """Source: S3 user guide, bucket policy examples."""
    own = [row("s3:ListBucket", "arn:aws:s3:::b", effect="Deny", Principal="*")]
    assert not allowed("s3", "ListObjectsV2", {"Bucket": "b"}, [row("s3:*")], own=own)


def test_a_bucket_policy_may_let_a_role_in_without_an_identity_policy() -> None:
    """Source: IAM user guide, policy evaluation within a single account, role ARN as principal."""
    own = [row("s3:GetObject", "arn:aws:s3:::b/*", Principal={"AWS": f"arn:aws:iam::{A}:role/app"})]
    assert allowed("s3", "GetObject", OBJECT, [], own=own)


def test_a_foreign_bucket_needs_both_policies() -> None:
    """Source: IAM user guide, cross-account policy evaluation logic."""

    def find(kind: str, _name: str) -> str:
        return "999999999999" if kind == "s3:owner" else ""

    own = [row("s3:GetObject", "arn:aws:s3:::b/*", Principal={"AWS": A})]
    assert not allowed("s3", "GetObject", OBJECT, [row("s3:*")], find=find)
    assert not allowed("s3", "GetObject", OBJECT, [], find=find, own=own)
    assert allowed("s3", "GetObject", OBJECT, [row("s3:*")], find=find, own=own)
