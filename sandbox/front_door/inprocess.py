"""The door without sockets: botocore's ``before-send`` hook and a urllib handler, for the browser and for fast tests.

What AWS would get over the wire is handed to the account as data, answers come back at once. Waiting is done on the account's
clock: virtual time jumps to whatever releases the answer.
"""

from __future__ import annotations

import http.client
import io
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import urlsplit

from sandbox.clock import Clock
from sandbox.errors import InternalError
from sandbox.front_door.http_answer import encode_head, refusal
from sandbox.front_door.route import host_name
from sandbox.front_door.streamed_body import Collector
from sandbox.http_message import HeaderList, HttpRequest, HttpResponse, Respond
from sandbox.runtime.inline_state import outside
from sandbox.runtime.inline_time import time_patches
from sandbox.worker.unanswered import STILL_S, WAITS_S

_SENT_BY_HTTP = frozenset({"content-length", "connection", "transfer-encoding", "expect"})
_PATIENCE_S = 60.0  # botocore's default
_PUBLISHED = (".lambda-url.", ".execute-api.")


class Handler(Protocol):
    """An account, as this door needs it."""

    clock: Clock

    def handle(self, request: HttpRequest, respond: Respond) -> None: ...

    def run_due(self) -> None: ...


class InprocessDoor:
    """One account behind botocore sessions and ``urllib.request``. Nested calls (a function calling AWS) are fine."""

    def __init__(self, account: Handler) -> None:
        self._account = account
        self._depth = 0

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer, streamed bodies collected. What is due at once afterwards, such as an asynchronous event, has run."""
        answers: list[HttpResponse] = []
        self._depth += 1
        try:
            with outside():  # the caller may be a function, in whose view of the interpreter the account does not work
                self._account.handle(request, answers.append)
                while not answers:
                    if not self._account.clock.wait_next():
                        raise InternalError(f"{request.method} {request.path} was never answered")
                response = _collected(answers[0], self._account.clock)
        finally:
            self._depth -= 1
        if not self._depth:
            self._account.run_due()
        return response

    def http_call(
        self, url: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> HttpResponse:
        """An HTTP call to a Function URL, a presigned URL or a code address of this account."""
        parts = urlsplit(url)
        sent: HeaderList = [("Host", parts.netloc.rpartition("@")[2])]
        sent += [(name, value) for name, value in (headers or {}).items() if name.lower() != "host"]
        return self.send(HttpRequest(method, parts.path or "/", parts.query, sent, body, scheme=parts.scheme or "https"))

    # -- botocore

    def before_send(self, request: Any, **_: Any) -> Any:
        """For ``before-send``: returning a response keeps botocore from opening a connection.

        botocore asks every handler, so a second one that reaches an account must not send the request again.
        """
        if getattr(request, "answered_by_account", False):
            return None
        request.answered_by_account = True
        response = self.send(request_of(request))
        if _waited_in_vain(response):
            from botocore.exceptions import ConnectTimeoutError  # noqa: PLC0415 - as for answers

            raise ConnectTimeoutError(endpoint_url=request.url)
        return answer_of(request.url, response)

    def attach(self, events: Any) -> None:
        """Route every request of a botocore session or client to the account (``events`` is its hierarchical emitter)."""
        events.register_first("before-send.*.*", self.before_send, unique_id=f"account-{id(self)}")
        events.register("request-created.*.*", say_patience, unique_id="account-patience")

    def detach(self, events: Any) -> None:
        with suppress(ValueError):
            events.unregister("before-send.*.*", self.before_send, unique_id=f"account-{id(self)}")

    # -- urllib

    def opener(self) -> urllib.request.OpenerDirector:
        """An opener for ``urllib.request.install_opener``: Function URLs and AWS names come here, the rest goes its old way."""
        return urllib.request.build_opener(UrllibHandler(self.http_call))


def say_patience(request: Any, **_: Any) -> None:
    """For ``request-created``: tell the account how long a function's client waits for a connection."""
    if time_patches.view is not None:
        config = request.context.get("client_config")
        request.headers[WAITS_S] = str(float(getattr(config, "connect_timeout", None) or _PATIENCE_S))


def _waited_in_vain(response: HttpResponse) -> bool:
    """Whether the caller, a function in a VPC, has waited for a connection that did not come about."""
    still = dict(response.headers).get(STILL_S) if response.status == 504 else None
    if still is None:
        return False
    time_patches.sleep(float(still))
    return True


class UrllibHandler(urllib.request.BaseHandler):
    """Before the real HTTP handlers (order 500), for the names an account serves."""

    handler_order = 100

    def __init__(self, call: Callable[[str, str, Mapping[str, str], bytes], HttpResponse]) -> None:
        self._call = call

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse | None:
        """None lets the next handler try."""
        if not is_ours(request.host):
            return None
        data = request.data
        body = data if isinstance(data, bytes) else b"" if data is None else b"".join(data)  # type: ignore[arg-type]
        headers = {**request.unredirected_hdrs, **request.headers}
        patience_s = request.timeout if isinstance(request.timeout, int | float) else _PATIENCE_S
        headers[WAITS_S] = str(float(patience_s))
        response = self._call(request.full_url, request.get_method(), headers, body)
        if _waited_in_vain(response):
            raise TimeoutError("timed out")
        head = encode_head(response, close=True, chunkable=False, head_only=request.get_method() == "HEAD")
        wire: Any = _Wire(head + response.body)
        answer = http.client.HTTPResponse(wire, method=request.get_method(), url=request.full_url)
        answer.begin()
        answer.msg = answer.reason  # type: ignore[assignment]  # as urllib's own handlers leave it
        return answer

    http_open = https_open


def is_ours(host: str) -> bool:
    name = host_name(host)
    return name.endswith((".amazonaws.com", ".on.aws")) or any(mark in name for mark in _PUBLISHED)


class _Wire:
    """A socket, as far as ``http.client`` reads an answer from one."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, *_: Any) -> io.BytesIO:
        return io.BytesIO(self._data)


def answer_of(url: str, response: HttpResponse) -> Any:
    """As botocore takes an answer: an ``AWSResponse``."""
    # botocore is a dependency of whoever has such a request, so it is there; the core itself must import without it
    from botocore.awsrequest import AWSResponse  # noqa: PLC0415

    headers: Any = dict(response.headers)
    return AWSResponse(url, response.status, headers, _Raw(response.body))


def request_of(request: Any) -> HttpRequest:
    """An ``AWSPreparedRequest``; the Host header, which the HTTP client would add, is the one that was signed."""
    parts = urlsplit(request.url)
    headers: HeaderList = []
    for name, value in request.headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        if name.lower() not in _SENT_BY_HTTP:
            headers.append((name, text))
    if not any(name.lower() == "host" for name, _ in headers):
        default = {"http": 80, "https": 443}.get(parts.scheme)
        port = f":{parts.port}" if parts.port and parts.port != default else ""
        headers.append(("Host", f"{parts.hostname}{port}"))
    return HttpRequest(request.method, parts.path or "/", parts.query, headers, _body_of(request.body), scheme=parts.scheme)


def _body_of(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8")
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    if hasattr(body, "read"):
        return bytes(body.read())
    return b"".join(body)


def _collected(response: HttpResponse, clock: Clock) -> HttpResponse:
    if response.stream is None:
        return response
    sink = Collector()
    response.stream(sink)
    while not sink.ended:
        if not clock.wait_next():
            return refusal(500, "ServiceException", "A streamed answer never ended.")
    return HttpResponse(response.status, response.headers, sink.body)


class _Raw:
    """What botocore reads a body from (urllib3's response, as far as it is used)."""

    def __init__(self, body: bytes) -> None:
        self._file = io.BytesIO(body)

    def stream(self, amt: int = 65_536, **_: Any) -> Any:
        while piece := self._file.read(amt):
            yield piece

    def read(self, amt: int | None = None, **_: Any) -> bytes:
        return self._file.read(amt)

    def close(self) -> None:
        self._file.close()

    def release_conn(self) -> None:
        """There is no connection."""

    @property
    def closed(self) -> bool:
        return self._file.closed
