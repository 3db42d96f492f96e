"""How an answer is spelled on the wire: status line, headers, chunk framing; and the door's own refusals."""

from __future__ import annotations

import json
from http import HTTPStatus

from sandbox.http_message import HttpResponse

_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection", "keep-alive"})
_NO_BODY = frozenset({204, 304})


def encode_head(response: HttpResponse, close: bool, chunkable: bool, head_only: bool) -> bytes:
    """Status line and headers; framing headers are ours. ValueError when a header holds a line break (response splitting)."""
    status = response.status
    lines = [_STATUS_LINES.get(status) or f"HTTP/1.1 {status} Status\r\n"]
    declared = ""
    for name, value in response.headers:
        folded = name.lower()
        if folded in _FRAMING:
            if folded == "content-length":
                declared = value
            continue
        lines.append(f"{name}: {value}\r\n")
    if response.stream is not None:
        if chunkable:
            lines.append("Transfer-Encoding: chunked\r\n")
        else:
            close = True
    elif status not in _NO_BODY and status >= 200:
        # A HEAD answer tells the length the GET would have, which only the service knows.
        lines.append(f"Content-Length: {declared if head_only and declared else len(response.body)}\r\n")
    if close:
        lines.append("Connection: close\r\n")
    lines.append("\r\n")
    text = "".join(lines)
    if text.count("\n") != len(lines) or text.count("\r") != len(lines):
        raise ValueError("a response header holds a line break")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8")


def encode_chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def refusal(status: int, code: str, message: str) -> HttpResponse:
    """A JSON error in the form AWS's JSON services use, so that any SDK shows code and message."""
    body = json.dumps({"__type": code, "message": message}, separators=(",", ":")).encode()
    return HttpResponse(status, [("Content-Type", "application/json"), ("x-amzn-ErrorType", code)], body)
