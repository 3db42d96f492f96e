"""The way from another thread of this process to a native account without sockets: requests and commands go to its loop as data.

What is asked and answered is what HTTP would carry, signatures included; only the wire is left out. Functions keep to HTTP.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from sandbox.control.client import ControlClient
from sandbox.control.commands import Commands
from sandbox.errors import InternalError, LearnerError, SandboxError
from sandbox.front_door.http_answer import encode_head, refusal
from sandbox.front_door.inprocess import answer_of, request_of
from sandbox.front_door.streamed_body import Collector
from sandbox.http_message import HttpRequest, HttpResponse, Respond

ANSWER_S_MAX = 60.0  # as long as botocore reads from a socket


class Shortcut:
    """``handle`` belongs to ``loop``; ``attach`` and what it attaches to belong to any other thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, handle: Callable[[HttpRequest, Respond], None]) -> None:
        self._loop = loop
        self._handle = handle

    def attach(self, events: Any) -> None:
        """Every request of a botocore client (``events`` is its emitter) goes this way."""
        events.register_first("before-send.*.*", self._before_send, unique_id=f"shortcut-{id(self)}")

    def send(self, request: HttpRequest) -> HttpResponse:
        """The whole answer. TimeoutError after ``ANSWER_S_MAX``."""
        found: Future[HttpResponse] = Future()
        self._loop.call_soon_threadsafe(self._ask, request, found)
        return found.result(ANSWER_S_MAX)

    def _ask(self, request: HttpRequest, found: Future[HttpResponse]) -> None:
        def respond(response: HttpResponse) -> None:
            if response.stream is None:
                found.set_result(_carried(request, response, response.body))
            else:
                response.stream(_Sink(lambda body: found.set_result(_carried(request, response, body))))

        try:
            self._handle(request, respond)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, in the thread that can do something about it
            if not found.done():
                found.set_exception(InternalError(f"{request.method} {request.path}: {type(error).__name__}: {error}"))

    def _before_send(self, request: Any, **_: Any) -> Any:
        # botocore is a dependency of whoever makes clients; an account that is only served over HTTP does not pay for it
        from botocore.exceptions import ReadTimeoutError  # noqa: PLC0415

        try:
            return answer_of(request.url, self.send(request_of(request)))
        except TimeoutError as error:
            raise ReadTimeoutError(endpoint_url=request.url) from error


class NearControl(ControlClient):
    """The control channel of an account in this process; other processes still find it by ``environ()``."""

    def __init__(self, url: str, token: str, loop: asyncio.AbstractEventLoop, commands: Commands) -> None:
        super().__init__(url, token)
        self._loop = loop
        self._commands = commands

    def ask(self, name: str, **params: Any) -> dict[str, Any]:
        """As over HTTP: both ways JSON, and the same errors."""
        sent = json.loads(json.dumps(params))
        found: Future[dict[str, Any] | SandboxError] = Future()

        def asked() -> None:
            try:
                self._commands.handle(name, sent, found.set_result)
            except Exception as error:  # noqa: BLE001 - a defect of ours belongs to whoever asked
                found.set_exception(InternalError(f"{name}: {type(error).__name__}: {error}"))

        try:
            self._loop.call_soon_threadsafe(asked)
            answer = found.result(self.timeout_s)
        except TimeoutError as error:
            raise LearnerError(f"the account at {self.url} did not answer {name} within {self.timeout_s:g} s") from error
        except RuntimeError as error:
            raise LearnerError(f"the account at {self.url} is closed ({error})") from error
        if isinstance(answer, LearnerError):
            raise answer
        if isinstance(answer, SandboxError):
            raise InternalError(f"{name}: {answer}")
        carried: dict[str, Any] = json.loads(json.dumps(answer, default=str))
        return carried


class _Sink(Collector):
    def __init__(self, done: Callable[[bytes], None]) -> None:
        super().__init__()
        self._done = done

    def end(self) -> None:
        super().end()
        self._done(self.body)


def _carried(request: HttpRequest, response: HttpResponse, body: bytes) -> HttpResponse:
    """What arrives of an answer: a header that HTTP cannot carry is a bad gateway here, too."""
    try:
        encode_head(response, close=False, chunkable=True, head_only=False)
    except ValueError:
        refused = refusal(502, "BadGateway", "The answer holds a header that HTTP cannot carry.")
        return HttpResponse(refused.status, refused.headers, refused.body)
    return HttpResponse(response.status, response.headers, b"" if request.method == "HEAD" else body)
