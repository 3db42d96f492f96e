"""What a client may wrap a body in: gzip, and S3's ``aws-chunked`` with signed chunks or a trailing checksum."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable

from sandbox.errors import AwsError
from sandbox.http_message import HeaderList, HttpRequest

_INFLATED_BYTES_MAX = 64 * 1024 * 1024
_CHECKSUMS: dict[str, Callable[[bytes], bytes]] = {
    "crc32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
    "sha1": lambda data: hashlib.sha1(data).digest(),  # noqa: S324  # the client chose it
    "sha256": lambda data: hashlib.sha256(data).digest(),
}


def plain(service: str, request: HttpRequest) -> HttpRequest:
    """The request with its body as the service means it; the same object when nothing is wrapped."""
    encoding = request.header("content-encoding").lower()
    if service == "s3":
        chunked = request.header("x-amz-content-sha256").startswith("STREAMING-") or "aws-chunked" in encoding
        if chunked:
            request = _unchunked(request, encoding)
        _verify_checksum(request)
        return request
    if encoding != "gzip":
        return request
    return _with_body(request, _inflate(request.body), [], drop=("content-encoding",))


def _inflate(data: bytes) -> bytes:
    try:
        inflater = zlib.decompressobj(wbits=31)
        body = inflater.decompress(data, _INFLATED_BYTES_MAX)
    except zlib.error as error:
        raise AwsError("SerializationException", "The request body is not valid gzip") from error
    if inflater.unconsumed_tail:
        raise AwsError("RequestEntityTooLargeException", "The request body is too large", 413)
    return body


def _unchunked(request: HttpRequest, encoding: str) -> HttpRequest:
    body, trailers = _chunks(request.body)
    expected = request.header("x-amz-decoded-content-length")
    if expected.isdigit() and int(expected) != len(body):
        raise AwsError("IncompleteBody", "The request body terminated unexpectedly")
    left = ",".join(part.strip() for part in encoding.split(",") if part.strip() not in ("", "aws-chunked"))
    headers = trailers + ([("Content-Encoding", left)] if left else [])
    headers.append(("x-amz-content-sha256", "UNSIGNED-PAYLOAD"))
    drop = ("content-encoding", "x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-trailer", "transfer-encoding")
    return _with_body(request, body, headers, drop=drop)


def _chunks(raw: bytes) -> tuple[bytes, HeaderList]:
    """``size[;chunk-signature=…]CRLF data CRLF`` … ``0`` then trailer lines (S3 docs, "chunked upload")."""
    body = bytearray()
    at = 0
    while True:
        end = raw.find(b"\r\n", at)
        try:
            size = int(raw[at:end].split(b";", 1)[0], 16)
        except ValueError as error:
            raise AwsError("IncompleteBody", "The request body is not in the aws-chunked form it announces") from error
        at = end + 2
        if size == 0:
            break
        if size < 0 or at + size > len(raw):
            raise AwsError("IncompleteBody", "The request body terminated unexpectedly")
        body += raw[at : at + size]
        at += size + 2
    trailers = []
    for line in raw[at:].split(b"\r\n"):
        name, colon, value = line.decode("latin-1").partition(":")
        if colon and name.lower().startswith("x-amz-checksum-"):
            trailers.append((name.strip(), value.strip()))
    return bytes(body), trailers


def _with_body(request: HttpRequest, body: bytes, extra: HeaderList, *, drop: tuple[str, ...]) -> HttpRequest:
    headers = [(key, value) for key, value in request.headers if key.lower() not in (*drop, "content-length")]
    headers += [*extra, ("Content-Length", str(len(body)))]
    return HttpRequest(request.method, request.path, request.query, headers, body, request.source_ip, request.scheme)


def _verify_checksum(request: HttpRequest) -> None:
    """S3 refuses an upload whose bytes do not match what the client computed; only the algorithms of the standard library."""
    if request.method != "PUT" and not (request.method == "POST" and request.query.split("=")[0] == "delete"):
        return  # the checksum of CompleteMultipartUpload is the object's, not the body's
    for name, compute in _CHECKSUMS.items():
        told = request.header(f"x-amz-checksum-{name}")
        if told and "-" not in told and base64.b64encode(compute(request.body)).decode() != told:
            message = f"The {name.upper()} you specified did not match what we received."
            raise AwsError("BadDigest", message)
    md5 = request.header("content-md5")
    if md5 and base64.b64encode(hashlib.md5(request.body).digest()).decode() != md5:  # noqa: S324
        raise AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.")
