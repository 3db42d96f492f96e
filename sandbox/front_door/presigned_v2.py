"""S3's old presigned URLs (Signature Version 2, query form): boto3 still makes them in us-east-1 unless told otherwise.

Source: Amazon S3 API reference, "Signing and authenticating REST requests (AWS signature version 2)". Only S3 takes them, only in
the query, as far as the course goes.
"""

from __future__ import annotations

import base64
import hmac
from urllib.parse import unquote, unquote_plus

from sandbox.http_message import HttpRequest

_NAMES = """
accelerate acl cors defaultObjectAcl location logging partNumber policy requestPayment torrent versioning
versionId versions website uploads uploadId response-content-type response-content-language response-expires
response-cache-control response-content-disposition response-content-encoding delete lifecycle tagging restore
storageClass notification replication analytics metrics inventory select select-type object-lock
"""
_SUBRESOURCES = frozenset(_NAMES.split())


def is_presigned_v2(request: HttpRequest) -> bool:
    return "AWSAccessKeyId=" in request.query and "Signature=" in request.query


def fields_of(request: HttpRequest) -> dict[str, str]:
    """Query parameters, decoded, by their exact names."""
    return {unquote(name): unquote_plus(value) for name, _, value in (part.partition("=") for part in request.query.split("&"))}


def signature(request: HttpRequest, path: str, expires: str, secret: str) -> str:
    """Base64 of the HMAC-SHA1 over S3's string to sign. ``path`` starts with the bucket, whatever form the address had."""
    fields = {name.lower(): value for name, value in fields_of(request).items()}
    headers = request.folded()
    custom = {name: value for name, value in (fields | headers).items() if name.startswith("x-amz-")}
    lines = [request.method]
    lines += [headers.get(name) or fields.get(name, "") for name in ("content-md5", "content-type")]
    lines.append(expires)
    lines += [f"{name}:{custom[name].strip()}" for name in sorted(custom)]
    lines.append(path + _subresources(request.query))
    digest = hmac.digest(secret.encode(), "\n".join(lines).encode("utf-8", "surrogatepass"), "sha1")
    return base64.b64encode(digest).decode("ascii")


def _subresources(query: str) -> str:
    found = [part.split("=", 1) for part in query.split("&") if part.split("=", 1)[0] in _SUBRESOURCES]
    found.sort(key=lambda pair: pair[0])
    text = "&".join("=".join([pair[0], *(unquote(value) for value in pair[1:])]) for pair in found)
    return f"?{text}" if text else ""
