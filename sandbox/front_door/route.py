"""Which door a request is for: an AWS API, a Function URL, the download of a function's code, or none of them.

The service is told by the credential scope first (every SDK signs it), then by ``X-Amz-Target``, the host name, the form of the
request. Only loopback names and AWS's own are served as hosts: a page on another name cannot reach the account by DNS rebinding.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.front_door.claim import Claim
from sandbox.http_message import HttpRequest

Kind = Literal["api", "url", "gateway", "code", "unknown", "refused"]

URL_PREFIX = "/lambda-url/"
CODE_PREFIX = "/lambda-code/"
GATEWAY_PREFIX = "/execute-api/"

_URL_HOST = re.compile(r"^([a-z0-9]{4,64})\.lambda-url\.([a-z0-9-]+)\.(?:on\.aws|localhost|localhost\.localdomain)$")
_GATEWAY_HOST = re.compile(
    r"^([a-z0-9]{4,64})\.execute-api\.(?:([a-z]{2}(?:-[a-z]+)+-\d)\.)?(?:amazonaws\.com|localhost|localhost\.localdomain)$"
)
_REGION = re.compile(r"^(?:s3-)?([a-z]{2}(?:-[a-z]+)+-\d)$")
_LOOPBACK = re.compile(r"^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|(?:[a-z0-9_-]+\.)+localhost|localhost\.localdomain)$")
_AWS_NAMES = (".amazonaws.com", ".on.aws", ".api.aws", ".amazonaws.com.cn")
_BUCKET = re.compile(r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")

# Signing name (or host prefix) to botocore's service name, where they differ.
_BY_SIGNING_NAME = {
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
    "email": "ses",
    "elasticloadbalancing": "elbv2",
    "streams.dynamodb": "dynamodbstreams",
    "cloudwatch": "cloudwatch",
}
_BY_TARGET = {
    "DynamoDB_20120810": "dynamodb",
    "DynamoDBStreams_20120810": "dynamodbstreams",
    "AWSStepFunctions": "stepfunctions",
    "AmazonSQS": "sqs",
    "Logs_20140328": "logs",
    "Kinesis_20131202": "kinesis",
    "AWSEvents": "events",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
    "AmazonSSM": "ssm",
    "CodeDeploy_20141006": "codedeploy",
    "GraniteServiceVersion20100801": "cloudwatch",
    "AWSOrganizationsV20161128": "organizations",
}
_BY_API_VERSION = {
    "2010-05-08": "iam",
    "2011-06-15": "sts",
    "2012-11-05": "sqs",
    "2010-03-31": "sns",
    "2010-05-15": "cloudformation",
    "2010-08-01": "cloudwatch",
}
_VERSION = re.compile(rb"(?:^|&)Version=(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Route:
    """``service`` and ``region`` for an AWS API; ``name`` is the id of a URL or of an API behind API Gateway, or the rest of a
    code path; ``path`` what is behind it.
    """

    kind: Kind
    service: str = ""
    region: str = ""
    name: str = ""
    path: str = "/"


_UNKNOWN = Route("unknown")
_REFUSED = Route("refused")


def route(request: HttpRequest, claim: Claim | None, knows_bucket: Callable[[str], bool]) -> Route:
    """``knows_bucket`` decides whether an unsigned path is somebody's anonymous S3 access or a stranger at the wrong door."""
    host = host_name(request.host)
    if not is_served(host):
        return _REFUSED
    if ".lambda-url." in host:
        match = _URL_HOST.match(host)
        return Route("url", name=match[1], region=match[2], path=request.path or "/") if match else _UNKNOWN
    if request.path.startswith(URL_PREFIX) and (claim is None or claim.service != "s3"):
        url_id, slash, rest = request.path[len(URL_PREFIX) :].partition("/")
        return Route("url", name=url_id, path=slash + rest if slash else "/")
    if ".execute-api." in host:
        match = _GATEWAY_HOST.match(host)
        return Route("gateway", region=match[2] or "", name=match[1], path=request.path or "/") if match else _UNKNOWN
    if request.path.startswith(GATEWAY_PREFIX) and (claim is None or claim.service != "s3"):
        api_id, slash, rest = request.path[len(GATEWAY_PREFIX) :].partition("/")
        return Route("gateway", name=api_id, path=slash + rest if slash else "/")
    if request.path.startswith(CODE_PREFIX) and claim is None:
        return Route("code", name=request.path[len(CODE_PREFIX) :])
    if claim is not None:
        region = "us-east-1" if claim.region == "aws-global" else claim.region
        return Route("api", service_of(claim.service, request), region)
    return _unsigned(request, host, knows_bucket)


def service_of(signing_name: str, request: HttpRequest) -> str:
    """botocore's service name for a signing name; two of them serve several services."""
    if signing_name == "dynamodb" and request.header("x-amz-target").startswith("DynamoDBStreams_"):
        return "dynamodbstreams"
    if signing_name == "apigateway" and request.path.startswith("/v2/"):
        return "apigatewayv2"
    return _BY_SIGNING_NAME.get(signing_name, signing_name)


def host_name(host: str) -> str:
    """Lower case, without port and root dot."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower().rstrip(".")


def is_served(host: str) -> bool:
    """An HTTP/1.0 client may send no host; everything else names this machine or AWS."""
    return host == "" or host == "127.0.0.1" or _LOOPBACK.match(host) is not None or host.endswith(_AWS_NAMES)


def region_of_host(host: str) -> str:
    """The Region an AWS host name carries, or nothing."""
    return _aws_name(host)[1]


def _aws_name(host: str) -> tuple[str, str]:
    """Endpoint prefix and Region of ``[bucket.]service[.region].amazonaws.com``."""
    labels = host.removesuffix(".cn").removesuffix(".amazonaws.com").split(".") if ".amazonaws.com" in host else []
    if not labels:
        return "", ""
    match = _REGION.match(labels[-1])
    if match is None:
        return labels[-1], ""
    return ("s3" if labels[-1].startswith("s3-") else labels[-2] if len(labels) > 1 else ""), match[1]


def _unsigned(request: HttpRequest, host: str, knows_bucket: Callable[[str], bool]) -> Route:
    """Without a signature only S3 (anonymous) and STS's web identities are open; the rest is told what is missing."""
    region = region_of_host(host) or "us-east-1"
    target = request.header("x-amz-target").partition(".")[0]
    if target in _BY_TARGET:
        return Route("api", _BY_TARGET[target], region)
    version = _VERSION.search(request.query.encode("latin-1", "replace")) or _VERSION.search(request.body[:4096])
    if version and version[1].decode() in _BY_API_VERSION:
        return Route("api", _BY_API_VERSION[version[1].decode()], region)
    if request.path.startswith(("/2015-03-31/", "/2018-10-31/", "/2021-10-31/")):
        return Route("api", "lambda", region)
    name = _aws_name(host)[0]
    if name:
        return Route("api", service_of(name, request), region)
    bucket = request.path[1:].partition("/")[0]
    if host.endswith(".s3.localhost"):
        bucket = host.removesuffix(".s3.localhost")
    if _BUCKET.match(bucket) and knows_bucket(bucket):
        return Route("api", "s3", region)
    return _UNKNOWN
