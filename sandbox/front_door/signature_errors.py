"""What AWS answers to a caller it cannot recognise. The words depend on the family of the service's protocol.

Sources: S3 "Error responses", IAM "Common errors" of the query APIs, "Troubleshoot Signature Version 4" (the five minutes).
"""

from __future__ import annotations

from typing import Literal

from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest

Family = Literal["s3", "query", "json", "rest"]

_INVALID_TEXT = "The security token included in the request is invalid."
_EXPIRED_TEXT = "The security token included in the request is expired"
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)
_S3_MISMATCH = "The request signature we calculated does not match the signature you provided. Check your key and signing method."


def family_of(service: str, request: HttpRequest) -> Family:
    if service == "s3":
        return "s3"
    headers = request.folded()
    if "x-amz-target" in headers or headers.get("smithy-protocol"):
        return "json"
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded") or "Action=" in request.query:
        return "query"
    return "rest"


def missing_token(family: Family) -> AwsError:
    if family == "s3":
        return AwsError("AccessDenied", "Access Denied", 403)
    if family == "query":
        return AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
    return AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", _status(family))


def unknown_key(family: Family, access_key_id: str) -> AwsError:
    if family == "s3":
        message = "The AWS Access Key Id you provided does not exist in our records."
        return AwsError("InvalidAccessKeyId", message, 403, fields={"AWSAccessKeyId": access_key_id})
    if family == "query":
        return AwsError("InvalidClientTokenId", _INVALID_TEXT, 403)
    return AwsError("UnrecognizedClientException", _INVALID_TEXT, _status(family))


def bad_token(family: Family) -> AwsError:
    """A temporary key without its session token, or with another one."""
    if family == "s3":
        return AwsError("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
    return unknown_key(family, "")


def expired_token(family: Family) -> AwsError:
    if family == "s3":
        return AwsError("ExpiredToken", "The provided token has expired.", 400)
    if family == "query":
        return AwsError("ExpiredToken", _EXPIRED_TEXT, 403)
    return AwsError("ExpiredTokenException", _EXPIRED_TEXT, _status(family))


def mismatch(family: Family, access_key_id: str = "") -> AwsError:
    if family == "s3":
        fields = {"AWSAccessKeyId": access_key_id} if access_key_id else {}
        return AwsError("SignatureDoesNotMatch", _S3_MISMATCH, 403, fields=fields)
    return _invalid(family, _MISMATCH)


def wrong_region(family: Family, region: str) -> AwsError:
    if family == "s3":
        message = f"The authorization header is malformed; the region '{region}' is wrong; expecting 'us-east-1'"
        return AwsError("AuthorizationHeaderMalformed", message, 400, fields={"Region": "us-east-1"})
    return _invalid(family, "Credential should be scoped to a valid region.")


def skewed(family: Family, signed: str, now: str, limit: str, early: bool, window_min: int) -> AwsError:
    """``signed``, ``now`` and ``limit`` are basic ISO timestamps; ``limit`` is ``now`` minus (or plus) the window."""
    if family == "s3":
        message = "The difference between the request time and the current time is too large."
        return AwsError("RequestTimeTooSkewed", message, 403, fields={"RequestTime": signed, "ServerTime": now})
    if early:
        return _invalid(family, f"Signature not yet current: {signed} is still later than {limit} ({now} + {window_min} min.)")
    return _invalid(family, f"Signature expired: {signed} is now earlier than {limit} ({now} - {window_min} min.)")


def presign_expired(family: Family, expires: str, now: str) -> AwsError:
    if family == "s3":
        return AwsError("AccessDenied", "Request has expired", 403, fields={"Expires": expires, "ServerTime": now})
    return _invalid(family, f"Signature expired: {expires} is now earlier than {now}")


def malformed(family: Family, what: str) -> AwsError:
    if family == "s3":
        return AwsError("AuthorizationHeaderMalformed", f"The authorization header is malformed; {what}", 400)
    if family == "query":
        return AwsError("IncompleteSignature", what, 400)
    return AwsError("IncompleteSignatureException", what, _status(family))


def unsupported(family: Family, what: str) -> AwsError:
    message = f"The authorization mechanism you have provided ({what}) is not supported. Please use AWS4-HMAC-SHA256."
    return AwsError("InvalidRequest" if family == "s3" else "IncompleteSignature", message, 400)


def payload_mismatch(family: Family) -> AwsError:
    if family == "s3":
        message = "The provided 'x-amz-content-sha256' header does not match what was computed."
        return AwsError("XAmzContentSHA256Mismatch", message, 400)
    return mismatch(family)


def _invalid(family: Family, message: str) -> AwsError:
    if family == "query":
        return AwsError("SignatureDoesNotMatch", message, 403)
    return AwsError("InvalidSignatureException", message, _status(family))


def _status(family: Family) -> int:
    return 400 if family == "json" else 403
