"""What a request says about who signed it: read, not yet believed (``signature.py`` verifies)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus

from sandbox.errors import AwsError
from sandbox.front_door import signature_errors as errors
from sandbox.front_door.presigned_v2 import fields_of, is_presigned_v2
from sandbox.http_message import HttpRequest

_ALGORITHM = "AWS4-HMAC-SHA256"
_PREFIX = _ALGORITHM + " "
_READ_MAX = 1_024
_read: dict[str, tuple[str, str, str, str, str]] = {}  # header up to its signature: what it says; bounded


@dataclass(frozen=True, slots=True)
class Claim:
    """The parts of a signature. ``expires_s`` is set for presigned URLs only; ``service`` is the signing name.

    Version 2 is S3's old presigned form: no scope, and ``amz_date`` is the epoch second it expires at.
    """

    access_key_id: str
    date: str
    region: str
    service: str
    signed_headers: str
    signature: str
    amz_date: str
    token: str
    expires_s: int | None = None
    version: int = 4

    @property
    def presigned(self) -> bool:
        return self.expires_s is not None


def read_claim(request: HttpRequest) -> Claim | None:
    """None when nothing claims an identity; AwsError when the claim cannot be read."""
    headers = request.folded()
    authorization = headers.get("authorization")
    if authorization is not None:
        return _from_header(authorization, headers, request)
    if "X-Amz-Signature=" in request.query or "X-Amz-Credential=" in request.query:
        return _from_query(request)
    if is_presigned_v2(request):
        return _from_old_query(request)
    return None


def _from_old_query(request: HttpRequest) -> Claim:
    fields = fields_of(request)
    expires = fields.get("Expires", "")
    if not (expires.isascii() and expires.isdigit() and len(expires) < 13):
        message = "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
        raise AwsError("AccessDenied", message, 403)
    token = fields.get("x-amz-security-token", "")
    key, signature = fields.get("AWSAccessKeyId", ""), fields.get("Signature", "")
    return Claim(key, "", "us-east-1", "s3", "", signature, expires, token, 0, version=2)


def _from_header(authorization: str, headers: dict[str, str], request: HttpRequest) -> Claim:
    """A client's header differs from call to call in its last part only; what comes before is read once."""
    before, _, signature = authorization.rpartition("Signature=")
    known = _read.get(before)
    if known is None or "," in signature:
        return _from_strange_header(authorization, headers, request)
    key, date, region, service, signed_headers = known
    amz_date = headers.get("x-amz-date") or _dated(headers, request)
    return Claim(key, date, region, service, signed_headers, signature, amz_date, headers.get("x-amz-security-token", ""))


def _dated(headers: dict[str, str], request: HttpRequest) -> str:
    amz_date = headers.get("x-amz-date", "")
    if not amz_date:
        raise _incomplete(request, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    return amz_date


def _from_strange_header(authorization: str, headers: dict[str, str], request: HttpRequest) -> Claim:
    if not authorization.startswith(_PREFIX):
        raise errors.unsupported(errors.family_of("", request), authorization.split(" ", 1)[0][:40])
    parts = dict(part.strip().partition("=")[::2] for part in authorization[len(_PREFIX) :].split(","))
    for name in ("Credential", "SignedHeaders", "Signature"):
        if not parts.get(name):
            raise _incomplete(request, f"Authorization header requires '{name}' parameter.")
    amz_date = _dated(headers, request)
    key, date, region, service = _scope(parts["Credential"], request)
    if authorization.endswith(f"Signature={parts['Signature']}"):
        if len(_read) >= _READ_MAX:
            _read.clear()
        _read[authorization.removesuffix(parts["Signature"]).removesuffix("Signature=")] = (
            key, date, region, service, parts["SignedHeaders"],
        )  # fmt: skip
    token = headers.get("x-amz-security-token", "")
    return Claim(key, date, region, service, parts["SignedHeaders"], parts["Signature"], amz_date, token)


def _from_query(request: HttpRequest) -> Claim:
    # Names must be exact; a token holds "/" and "+" percent-encoded, so the values decode like a form's.
    pairs = {unquote(name): unquote_plus(value) for name, _, value in (part.partition("=") for part in request.query.split("&"))}
    if pairs.get("X-Amz-Algorithm") != _ALGORITHM:
        raise errors.unsupported(errors.family_of("s3", request), pairs.get("X-Amz-Algorithm", "none")[:40])
    try:
        expires_s = int(pairs.get("X-Amz-Expires", "900"))
        required = [pairs[f"X-Amz-{name}"] for name in ("Credential", "SignedHeaders", "Signature", "Date")]
    except (KeyError, ValueError) as error:
        message = (
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
            "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
        )
        raise AwsError("AuthorizationQueryParametersError", message, 400) from error
    if not 0 <= expires_s <= 604_800:
        message = "X-Amz-Expires must be less than a week (in seconds) that is 604800 seconds"
        raise AwsError("AuthorizationQueryParametersError", message, 400)
    key, date, region, service = _scope(required[0], request)
    token = pairs.get("X-Amz-Security-Token", "")
    return Claim(key, date, region, service, required[1], required[2], required[3], token, expires_s)


def _scope(credential: str, request: HttpRequest) -> tuple[str, str, str, str]:
    parts = credential.split("/")
    if len(parts) < 5 or parts[-1] != "aws4_request":
        raise _incomplete(request, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term")
    return "/".join(parts[:-4]), parts[-4], parts[-3], parts[-2]


def _incomplete(request: HttpRequest, what: str) -> AwsError:
    return errors.malformed(errors.family_of("", request), what)
