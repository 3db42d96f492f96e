from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from botocore.auth import HmacV1QueryAuth, S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from sandbox.clock import Clock
from sandbox.errors import AwsError
from sandbox.front_door.claim import read_claim
from sandbox.front_door.signature import Signatures
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
KEY = "AKIAIOSFODNN7EXAMPLE"
LEARNER = Principal("user", "123456789012", "arn:aws:iam::123456789012:user/learner")


@dataclass(frozen=True)
class StoredCredential:
    secret_access_key: str = SECRET
    session_token: str = ""
    principal: Principal = LEARNER
    expires_at: float = 0.0


def signatures(stored: Mapping[str, StoredCredential] | None = None, at: float = 0.0, account: float | None = None) -> Signatures:
    known = {KEY: StoredCredential()} if stored is None else stored
    wall = Clock.wall() + at
    return Signatures(known.get, lambda: wall, lambda: wall if account is None else wall + account)


def wire(request: AWSRequest, host: str = "127.0.0.1:4566") -> HttpRequest:
    prepared = request.prepare()
    parts = urlsplit(prepared.url)
    headers = [(name, value.decode() if isinstance(value, bytes) else str(value)) for name, value in prepared.headers.items()]
    body = prepared.body or b""
    return HttpRequest(
        prepared.method,
        parts.path or "/",
        parts.query,
        [("Host", host), *headers],
        body.encode() if isinstance(body, str) else body,
    )


def signed(
    method: str = "POST",
    url: str = "http://127.0.0.1:4566/2015-03-31/functions/f/invocations",
    body: bytes = b"{}",
    service: str = "lambda",
    *,
    region: str = "us-east-1",
    token: str | None = None,
    auth: type[SigV4Auth] = SigV4Auth,
    headers: Mapping[str, str] | None = None,
    **options: int,
) -> HttpRequest:
    request = AWSRequest(method, url, data=body, headers=dict(headers or {}))
    auth(Credentials(KEY, SECRET, token), service, region, **options).add_auth(request)
    return wire(request)


def verify(request: HttpRequest, by: Signatures | None = None) -> Principal:
    claim = read_claim(request)
    assert claim is not None
    return (by or signatures()).verify(claim, request)


def refused(request: HttpRequest, by: Signatures | None = None) -> AwsError:
    with pytest.raises(AwsError) as caught:
        verify(request, by)
    return caught.value


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("POST", "http://127.0.0.1:4566/2015-03-31/functions/f/invocations", b"{}"),
        ("GET", "http://127.0.0.1:4566/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af", b""),
        ("GET", "http://127.0.0.1:4566/2015-03-31/functions/?Marker=a%2Fb&MaxItems=3&Empty=", b""),
        ("GET", "http://127.0.0.1:4566/a//b/../c/./d%20e/", b""),
        ("POST", "http://127.0.0.1:4566/", b"Action=ListUsers&Version=2010-05-08"),
    ],
)
def test_what_botocore_signs_is_recognised(method: str, url: str, body: bytes) -> None:
    assert verify(signed(method, url, body)) is LEARNER


@pytest.mark.parametrize("key", ["plain.txt", "a%20b%2Bc.txt", "a//b", "%C3%A4/../x", "tilde~star%2A"])
def test_s3_paths_are_signed_as_they_are(key: str) -> None:
    url = f"http://127.0.0.1:4566/bucket/{key}?versionId=1&tagging"
    assert verify(signed("PUT", url, b"data", "s3", auth=S3SigV4Auth)) is LEARNER


def test_a_presigned_s3_url_is_recognised_until_it_expires() -> None:
    url = "http://127.0.0.1:4566/bucket/key%20x?response-content-type=text%2Fplain"
    request = signed("GET", url, b"", "s3", auth=S3SigV4QueryAuth, expires=60)
    assert verify(request) is LEARNER
    error = refused(request, signatures(at=61))
    assert (error.code, error.message, error.status) == ("AccessDenied", "Request has expired", 403)


@pytest.mark.parametrize("token", [None, "token/with+signs=="])
def test_an_old_presigned_s3_url_is_recognised_until_it_expires(token: str | None) -> None:
    url = "http://127.0.0.1:4566/bucket/key%20x?response-content-type=text%2Fplain"
    stored = {KEY: StoredCredential(session_token=token or "")}
    request = AWSRequest("GET", url)
    HmacV1QueryAuth(Credentials(KEY, SECRET, token), expires=60).add_auth(request)
    sent = wire(request)
    assert verify(sent, signatures(stored)) is LEARNER
    assert refused(sent, signatures(stored, at=61)).message == "Request has expired"
    sent.path = "/bucket/other"
    assert refused(sent, signatures(stored)).code == "SignatureDoesNotMatch"


def test_a_presigned_sts_url_is_recognised() -> None:
    url = "http://127.0.0.1:4566/?Action=GetCallerIdentity&Version=2011-06-15"
    assert verify(signed("GET", url, b"", "sts", auth=SigV4QueryAuth)) is LEARNER


def test_a_session_token_must_be_the_stored_one() -> None:
    stored = {KEY: StoredCredential(session_token="token/with+signs==")}
    assert verify(signed(token="token/with+signs=="), signatures(stored)) is LEARNER
    assert refused(signed(token="another"), signatures(stored)).code == "UnrecognizedClientException"
    assert refused(signed(), signatures(stored)).code == "UnrecognizedClientException"


def test_a_presigned_url_carries_its_session_token() -> None:
    stored = {KEY: StoredCredential(session_token="token/with+signs==")}
    request = signed("GET", "http://127.0.0.1:4566/b/k", b"", "s3", token="token/with+signs==", auth=S3SigV4QueryAuth)
    assert verify(request, signatures(stored)) is LEARNER


def test_an_expired_session_is_told_so_by_the_account_clock() -> None:
    stored = {KEY: StoredCredential(session_token="t", expires_at=Clock.wall() + 3600)}
    assert verify(signed(token="t"), signatures(stored)) is LEARNER
    error = refused(signed(token="t"), signatures(stored, account=7200))
    assert (error.code, error.message) == ("ExpiredTokenException", "The security token included in the request is expired")
    s3 = refused(
        signed("GET", "http://127.0.0.1:4566/b", b"", "s3", token="t", auth=S3SigV4Auth), signatures(stored, account=7200)
    )
    assert (s3.code, s3.status) == ("ExpiredToken", 400)


@pytest.mark.parametrize("change", ["body", "path", "query", "header", "method"])
def test_changing_anything_signed_breaks_the_signature(change: str) -> None:
    request = signed()
    if change == "body":
        request.body = b'{"more": 1}'
    elif change == "path":
        request.path = request.path.replace("/f/", "/g/")
    elif change == "query":
        request.query = "Qualifier=prod"
    elif change == "method":
        request.method = "PUT"
    else:
        request.headers = [("Host", "127.0.0.1:1"), *request.headers[1:]]
    error = refused(request)
    assert (error.code, error.status) == ("InvalidSignatureException", 403)


def test_a_body_that_is_not_the_declared_one_is_refused() -> None:
    request = signed("PUT", "http://127.0.0.1:4566/bucket/key", b"data", "s3", auth=S3SigV4Auth)
    request.body = b"other"
    assert refused(request).code == "XAmzContentSHA256Mismatch"


@pytest.mark.parametrize("payload", ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"])
def test_an_unsigned_payload_may_be_anything(payload: str) -> None:
    request = AWSRequest("PUT", "http://127.0.0.1:4566/bucket/key", data=b"data", headers={"X-Amz-Content-SHA256": payload})
    request.context["payload_signing_enabled"] = False
    auth = S3SigV4Auth(Credentials(KEY, SECRET), "s3", "us-east-1")
    auth.payload = lambda _: payload  # type: ignore[method-assign]
    auth.add_auth(request)
    sent = wire(request)
    sent.body = b"whatever"
    assert verify(sent) is LEARNER


@pytest.mark.parametrize(
    ("service", "headers", "code", "status"),
    [
        ("lambda", {}, "UnrecognizedClientException", 403),
        ("dynamodb", {"X-Amz-Target": "DynamoDB_20120810.GetItem"}, "UnrecognizedClientException", 400),
        ("iam", {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}, "InvalidClientTokenId", 403),
        ("s3", {}, "InvalidAccessKeyId", 403),
    ],
)
def test_an_unknown_key_is_worded_as_the_service_words_it(service: str, headers: dict[str, str], code: str, status: int) -> None:
    error = refused(signed(service=service, headers=headers), signatures({}))
    assert (error.code, error.status) == (code, status)


def test_an_old_request_is_refused_with_aws_words() -> None:
    error = refused(signed(), signatures(at=301))
    assert error.code == "InvalidSignatureException"
    assert error.message is not None
    assert error.message.startswith("Signature expired: ")
    assert error.message.endswith(" - 5 min.)")
    assert (
        refused(signed("GET", "http://127.0.0.1:4566/b", b"", "s3", auth=S3SigV4Auth), signatures(at=901)).code
        == "RequestTimeTooSkewed"
    )


def test_a_request_from_the_future_is_refused() -> None:
    message = refused(signed(), signatures(at=-400)).message
    assert message is not None
    assert message.startswith("Signature not yet current: ")


def test_virtual_time_does_not_age_a_request_of_a_client_with_a_real_clock() -> None:
    assert verify(signed(), signatures(account=86_400)) is LEARNER


def test_a_region_that_does_not_exist_is_named() -> None:
    error = refused(signed(region="us-esat-1"))
    assert (error.code, error.message) == ("InvalidSignatureException", "Credential should be scoped to a valid region.")


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/lambda/aws4_request", "IncompleteSignatureException"),
        ("AWS4-HMAC-SHA256 nonsense", "IncompleteSignatureException"),
        ("AWS4-HMAC-SHA256 Credential=AKIA, SignedHeaders=host, Signature=00", "IncompleteSignatureException"),
        ("AWS4-ECDSA-P256-SHA256 Credential=AKIA/20260101/lambda/aws4_request", "IncompleteSignature"),
        ("Basic dXNlcjpwYXNz", "IncompleteSignature"),
        ("", "IncompleteSignature"),
    ],
)
def test_a_claim_that_cannot_be_read_is_an_answer_not_a_crash(authorization: str, code: str) -> None:
    request = HttpRequest(
        "GET", "/", "", [("Host", "localhost"), ("Authorization", authorization), ("X-Amz-Date", "20260101T000000Z")]
    )
    with pytest.raises(AwsError) as caught:
        read_claim(request)
    assert caught.value.code == code


def test_a_date_that_is_none_is_refused() -> None:
    request = signed()
    request.headers = [(name, "yesterday" if name == "X-Amz-Date" else value) for name, value in request.headers]
    assert refused(request).code == "IncompleteSignatureException"


def test_nobody_claims_an_unsigned_request() -> None:
    assert read_claim(HttpRequest("GET", "/", "", [("Host", "localhost")])) is None
