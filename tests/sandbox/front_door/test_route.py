from __future__ import annotations

import pytest

from sandbox.front_door.claim import Claim
from sandbox.front_door.route import Route, is_served, region_of_host, route
from sandbox.http_message import HttpRequest


def request(
    method: str = "GET", path: str = "/", host: str = "127.0.0.1:4566", query: str = "", body: bytes = b"", **headers: str
) -> HttpRequest:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return HttpRequest(method, path, query, [("Host", host), *named], body)


def claim(service: str, region: str = "us-east-1") -> Claim:
    return Claim("AKIA", "20260101", region, service, "host", "00", "20260101T000000Z", "")


def go(sent: HttpRequest, signed: Claim | None = None) -> Route:
    return route(sent, signed, lambda bucket: bucket == "pictures")


@pytest.mark.parametrize(
    ("signing", "target", "path", "service"),
    [
        ("lambda", "", "/2015-03-31/functions", "lambda"),
        ("monitoring", "", "/", "cloudwatch"),
        ("states", "AWSStepFunctions.ListStateMachines", "/", "stepfunctions"),
        ("dynamodb", "DynamoDB_20120810.GetItem", "/", "dynamodb"),
        ("dynamodb", "DynamoDBStreams_20120810.GetRecords", "/", "dynamodbstreams"),
        ("apigateway", "", "/restapis", "apigateway"),
        ("apigateway", "", "/v2/apis", "apigatewayv2"),
        ("scheduler", "", "/schedules", "scheduler"),
    ],
)
def test_the_credential_scope_names_the_service(signing: str, target: str, path: str, service: str) -> None:
    assert go(request(path=path, x_amz_target=target), claim(signing, "eu-west-1")) == Route("api", service, "eu-west-1")


def test_global_services_live_in_us_east_1() -> None:
    assert go(request(), claim("iam", "aws-global")).region == "us-east-1"


@pytest.mark.parametrize(
    ("sent", "service"),
    [
        (request("POST", x_amz_target="AmazonSQS.SendMessage"), "sqs"),
        (request("POST", body=b"Action=ListUsers&Version=2010-05-08"), "iam"),
        (request("GET", query="Action=GetCallerIdentity&Version=2011-06-15"), "sts"),
        (request("POST", "/2015-03-31/functions/f/invocations"), "lambda"),
        (request("GET", "/pictures/cat.png"), "s3"),
        (request("GET", "/cat.png", host="pictures.s3.localhost:4566"), "s3"),
        (request("GET", "/cat.png", host="anything.s3.eu-west-1.amazonaws.com"), "s3"),
        (request("GET", "/", host="monitoring.eu-west-1.amazonaws.com"), "cloudwatch"),
    ],
)
def test_an_unsigned_request_is_told_apart_by_its_form(sent: HttpRequest, service: str) -> None:
    assert go(sent).service == service


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/no-such-bucket/key", "/health", "/_/x"])
def test_a_stranger_is_not_mistaken_for_an_s3_client(path: str) -> None:
    assert go(request(path=path)).kind == "unknown"


def test_a_function_url_by_path_keeps_what_is_behind_it() -> None:
    assert go(request(path="/lambda-url/abc123/a%20b/c")) == Route("url", name="abc123", path="/a%20b/c")
    assert go(request(path="/lambda-url/abc123")).path == "/"
    assert go(request(path="/lambda-url/abc123/")).path == "/"


@pytest.mark.parametrize("domain", ["on.aws", "localhost:4566", "localhost"])
def test_a_function_url_by_host_name(domain: str) -> None:
    assert go(request(path="/x", host=f"abc123.lambda-url.eu-west-1.{domain}")) == Route(
        "url", region="eu-west-1", name="abc123", path="/x"
    )


def test_a_signed_function_url_is_still_a_function_url() -> None:
    assert go(request(path="/lambda-url/abc123/x"), claim("lambda")).kind == "url"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1:4566", "127.8.9.1", "[::1]:4566", "a.b.localhost", "s3.amazonaws.com", ""]
)
def test_this_machine_and_aws_are_served(host: str) -> None:
    assert go(request(host=host)).kind != "refused"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "amazonaws.com.evil.example",
        "192.168.1.5",
        "evilamazonaws.com",
        "*",
    ],
)
def test_another_host_name_is_refused_even_when_signed(host: str) -> None:
    assert go(request(host=host), claim("lambda")).kind == "refused"
    assert not is_served(host)


def test_the_region_of_an_aws_host() -> None:
    assert region_of_host("lambda.eu-west-1.amazonaws.com") == "eu-west-1"
    assert region_of_host("b.s3.us-gov-west-1.amazonaws.com") == "us-gov-west-1"
    assert region_of_host("iam.amazonaws.com") == ""
    assert region_of_host("127.0.0.1") == ""


@pytest.mark.parametrize(
    ("host", "path", "name", "region", "behind"),
    [
        ("abc123.execute-api.eu-west-1.amazonaws.com", "/dev/a", "abc123", "eu-west-1", "/dev/a"),
        ("abc123.execute-api.us-east-1.localhost:4566", "/a", "abc123", "us-east-1", "/a"),
        ("abc123.execute-api.localhost", "/", "abc123", "", "/"),
        ("127.0.0.1:4566", "/execute-api/abc123/dev/a%20b", "abc123", "", "/dev/a%20b"),
        ("127.0.0.1:4566", "/execute-api/abc123", "abc123", "", "/"),
    ],
)
def test_an_api_is_reached_by_host_name_and_by_path(host: str, path: str, name: str, region: str, behind: str) -> None:
    found = route(HttpRequest("GET", path, "", [("Host", host)]), None, lambda _bucket: False)
    assert (found.kind, found.name, found.region, found.path) == ("gateway", name, region, behind)
