"""Which actions one request needs, with the same questions and sources as ``test_iam_requests``."""

from __future__ import annotations

import pytest

from tests.fidelity.iam_request import FROM, OBJECT, QUEUE, TABLE, TOPIC, URL, A, Row, allowed, row

CASES: list[Row] = [
    # one call, several or other actions
    ("S3 API permissions: HeadObject", "s3", "HeadObject", OBJECT, [row("s3:GetObject", "arn:aws:s3:::b/*")], True),
    ("S3 API permissions: ListObjectsV2", "s3", "ListObjectsV2", {"Bucket": "b"}, [row("s3:ListBucket", "arn:aws:s3:::b")], True),
    (
        "S3 API permissions: ListObjectsV2 on the objects' ARN",
        "s3",
        "ListObjectsV2",
        {"Bucket": "b"},
        [row("s3:ListBucket", "arn:aws:s3:::b/*")],
        False,
    ),
    (
        "S3 API permissions: VersionId",
        "s3",
        "GetObject",
        {**OBJECT, "VersionId": "v"},
        [row("s3:GetObject", "arn:aws:s3:::b/*")],
        False,
    ),
    (
        "S3 API permissions: VersionId",
        "s3",
        "GetObject",
        {**OBJECT, "VersionId": "v"},
        [row("s3:GetObjectVersion", "arn:aws:s3:::b/*")],
        True,
    ),
    (
        "S3 API permissions: CopyObject needs the source",
        "s3",
        "CopyObject",
        FROM,
        [row("s3:PutObject", "arn:aws:s3:::out/*")],
        False,
    ),
    (
        "S3 API permissions: CopyObject",
        "s3",
        "CopyObject",
        FROM,
        [row("s3:PutObject", "arn:aws:s3:::out/*"), row("s3:GetObject", "arn:aws:s3:::b/*")],
        True,
    ),
    (
        "S3 API permissions: tags on PutObject",
        "s3",
        "PutObject",
        {**OBJECT, "Tagging": "a=b"},
        [row("s3:PutObject", "arn:aws:s3:::b/*")],
        False,
    ),
    (
        "S3 API permissions: tags on PutObject",
        "s3",
        "PutObject",
        {**OBJECT, "Tagging": "a=b"},
        [row(["s3:PutObject", "s3:PutObjectTagging"], "arn:aws:s3:::b/*")],
        True,
    ),
    (
        "S3 API permissions: ACL on PutObject",
        "s3",
        "PutObject",
        {**OBJECT, "ACL": "public-read"},
        [row("s3:PutObject", "arn:aws:s3:::b/*")],
        False,
    ),
    (
        "S3 API permissions: DeleteObjects by object",
        "s3",
        "DeleteObjects",
        {"Bucket": "b", "Delete": {"Objects": [{"Key": "in/k"}]}},
        [row("s3:DeleteObject", "arn:aws:s3:::b/in/*")],
        True,
    ),
    (
        "S3 API permissions: DeleteObjects by object",
        "s3",
        "DeleteObjects",
        {"Bucket": "b", "Delete": {"Objects": [{"Key": "x"}]}},
        [row("s3:DeleteObject", "arn:aws:s3:::b/in/*")],
        False,
    ),
    ("S3 API permissions: multipart upload", "s3", "UploadPart", OBJECT, [row("s3:PutObject", "arn:aws:s3:::b/*")], True),
    (
        "S3 API permissions: aborting is its own action",
        "s3",
        "AbortMultipartUpload",
        OBJECT,
        [row("s3:PutObject", "arn:aws:s3:::b/*")],
        False,
    ),
    ("SQS API permissions: batches", "sqs", "SendMessageBatch", URL, [row("sqs:SendMessage", QUEUE)], True),
    ("SQS API permissions: batches", "sqs", "DeleteMessageBatch", URL, [row("sqs:SendMessage", QUEUE)], False),
    ("SNS API permissions: batches", "sns", "PublishBatch", {"TopicArn": TOPIC}, [row("sns:Publish", TOPIC)], True),
    (
        "DynamoDB transactions are their parts",
        "dynamodb",
        "TransactWriteItems",
        {"TransactItems": [{"Put": {"TableName": "t", "Item": {}}}]},
        [row("dynamodb:PutItem", TABLE)],
        True,
    ),
    (
        "DynamoDB transactions are their parts",
        "dynamodb",
        "TransactWriteItems",
        {"TransactItems": [{"Delete": {"TableName": "t", "Key": {}}}]},
        [row("dynamodb:PutItem", TABLE)],
        False,
    ),
    (
        "DynamoDB batches are their own action",
        "dynamodb",
        "BatchWriteItem",
        {"RequestItems": {"t": []}},
        [row("dynamodb:PutItem", TABLE)],
        False,
    ),
    (
        "IAM PassRole on CreateFunction",
        "lambda",
        "CreateFunction",
        {"FunctionName": "f", "Role": f"arn:aws:iam::{A}:role/r"},
        [row("lambda:*")],
        False,
    ),
    (
        "IAM PassRole on CreateFunction",
        "lambda",
        "CreateFunction",
        {"FunctionName": "f", "Role": f"arn:aws:iam::{A}:role/r"},
        [row("lambda:*"), row("iam:PassRole", f"arn:aws:iam::{A}:role/r")],
        True,
    ),
    (
        "IAM PassRole to another service",
        "lambda",
        "CreateFunction",
        {"FunctionName": "f", "Role": f"arn:aws:iam::{A}:role/r"},
        [row("lambda:*"), row("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}})],
        False,
    ),
    # names of actions
    ("list_amazoncloudwatch: prefix", "cloudwatch", "PutMetricData", {"Namespace": "x"}, [row("cloudwatch:PutMetricData")], True),
    (
        "list_amazoncloudwatch: prefix",
        "cloudwatch",
        "PutMetricData",
        {"Namespace": "x"},
        [row("monitoring:PutMetricData")],
        False,
    ),
    ("list_awsx-ray: PutTraceSegments", "xray", "PutTraceSegments", {}, [row("xray:PutTraceSegments")], True),
    (
        "list_awsstepfunctions: prefix states",
        "stepfunctions",
        "StartExecution",
        {"stateMachineArn": "arn:m"},
        [row("states:StartExecution")],
        True,
    ),
    (
        "API Gateway: methods on paths",
        "apigateway",
        "GetRestApis",
        {},
        [row("apigateway:GET", "arn:aws:apigateway:*::/restapis")],
        True,
    ),
    (
        "API Gateway: methods on paths",
        "apigateway",
        "CreateRestApi",
        {"name": "x"},
        [row("apigateway:GET", "arn:aws:apigateway:*::/restapis")],
        False,
    ),
    ("STS: GetCallerIdentity needs nothing", "sts", "GetCallerIdentity", {}, [row("*", effect="Deny")], True),
]


@pytest.mark.parametrize(
    ("source", "service", "operation", "params", "rows", "wanted"), CASES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)]
)
def test_a_request_is_decided_as_documented(source: str, service: str, operation: str, params, rows, wanted: bool) -> None:
    """Source: the page named in the row."""
    assert allowed(service, operation, params, rows) is wanted, source
