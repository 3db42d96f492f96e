"""The Lambda Runtime API and Extensions API on a loopback socket, for functions that bring their own ``bootstrap``.

Lambda guide, "Using the Lambda runtime API for custom runtimes" and "Using the Lambda Extensions API". Extensions get INVOKE; an
environment that ends is killed at once, so SHUTDOWN is accepted at registration and never sent.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_INVOCATION = re.compile(r"^/2018-06-01/runtime/invocation/([^/]+)/(response|error)$")
_EVENTS = ("INVOKE", "SHUTDOWN")


@dataclass(slots=True)
class Invocation:
    request_id: str
    headers: dict[str, str]
    payload: bytes
    event: dict[str, Any]


@dataclass(slots=True)
class Extension:
    name: str
    identifier: str
    events: tuple[str, ...]
    ready: bool = False
    seen: str = ""


@dataclass(slots=True)
class Desk:
    """What runtime and extensions share. ``answered`` takes (failed, body), ``failed_init`` a document."""

    answered: Callable[[bool, bytes], None]
    failed_init: Callable[[dict[str, Any]], None]
    ready: Callable[[], None]
    function: dict[str, str]
    response_bytes_max: int
    expected: set[str] = field(default_factory=set)  # names of extensions that were started and have not registered
    changed: threading.Condition = field(default_factory=threading.Condition)
    current: Invocation | None = None
    extensions: dict[str, Extension] = field(default_factory=dict)
    runtime_waits: bool = False
    begun: bool = False
    taken: bool = True  # the current invocation has gone to the runtime

    def give(self, invocation: Invocation) -> None:
        with self.changed:
            self.current = invocation
            self.taken = False
            self.changed.notify_all()

    def next_for_runtime(self) -> Invocation:
        with self.changed:
            self.runtime_waits = True
            self._perhaps_ready()
            while self.taken or self.current is None:
                self.changed.wait()
            self.taken = True
            self.runtime_waits = False
            return self.current

    def next_for(self, extension: Extension) -> Invocation:
        with self.changed:
            extension.ready = True
            self._perhaps_ready()
            while self.current is None or self.current.request_id == extension.seen or "INVOKE" not in extension.events:
                self.changed.wait()
            extension.seen = self.current.request_id
            return self.current

    def _perhaps_ready(self) -> None:
        """INIT is over when the runtime and every extension have asked for the next event."""
        if not self.begun and self.runtime_waits and not self.expected and all(each.ready for each in self.extensions.values()):
            self.begun = True
            self.ready()

    def register(self, name: str, events: tuple[str, ...]) -> Extension:
        with self.changed:
            made = Extension(name, str(uuid.uuid4()), events)
            self.extensions[made.identifier] = made
            self.expected.discard(name)
            return made

    def finish(self, request_id: str, failed: bool, body: bytes) -> bool:
        """False for a request that is not the current one."""
        with self.changed:
            if self.current is None or self.current.request_id != request_id or not self.taken:
                return False
            self.current = None
        self.answered(failed, body)
        return True


def serve(desk: Desk) -> ThreadingHTTPServer:
    """A server on a free loopback port, already running."""

    class Bound(_Requests):
        pass

    Bound.desk = desk
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class _Requests(BaseHTTPRequestHandler):
    desk: Desk
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
        """Nothing is logged."""

    def do_GET(self) -> None:
        if self.path == "/2018-06-01/runtime/invocation/next":
            found = self.desk.next_for_runtime()
            self._send(200, found.payload, found.headers)
        elif self.path == "/2020-01-01/extension/event/next":
            extension = self._extension()
            if extension is not None:
                found = self.desk.next_for(extension)
                self._json(200, found.event, {"Lambda-Extension-Event-Identifier": str(uuid.uuid4())})
        else:
            self._json(404, {"errorMessage": "404 page not found", "errorType": "NotFound"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) if not self._chunked() else self._chunks()
        match = _INVOCATION.match(self.path)
        if match is not None:
            self._finish(match[1], match[2] == "error", body)
        elif self.path == "/2018-06-01/runtime/init/error":
            self._json(202, {"status": "OK"})
            self.desk.failed_init(self._document(body))
        elif self.path == "/2020-01-01/extension/register":
            self._register(body)
        elif self.path in ("/2020-01-01/extension/init/error", "/2020-01-01/extension/exit/error"):
            if self._extension() is not None:
                self._json(202, {"status": "OK"})
                self.desk.failed_init({"errorType": self._type("Extension.Crash"), "errorMessage": "an extension failed"})
        else:
            self._json(404, {"errorMessage": "404 page not found", "errorType": "NotFound"})

    def _finish(self, request_id: str, failed: bool, body: bytes) -> None:
        limit = self.desk.response_bytes_max
        if len(body) > limit and not failed:
            message = f"Exceeded maximum allowed payload size ({limit} bytes)."
            self._json(413, {"errorMessage": message, "errorType": "RequestEntityTooLarge"})
            body = body[: limit + 1]  # one byte too many is all the account needs to know
            self.desk.finish(request_id, failed, body)
            return
        if failed:
            body = json.dumps(self._document(body)).encode()
        if self.desk.finish(request_id, failed, body):
            self._json(202, {"status": "OK"})
        else:
            self._json(400, {"errorMessage": "Invalid request ID", "errorType": "InvalidRequestID"})

    def _register(self, body: bytes) -> None:
        name = self.headers.get("Lambda-Extension-Name") or ""
        try:
            events = tuple(str(each) for each in (json.loads(body or b"{}").get("events") or ()))
        except (ValueError, AttributeError):
            events = ("?",)
        if not name or any(each not in _EVENTS for each in events):
            self._json(400, {"errorMessage": "Invalid event type or missing name", "errorType": "InvalidEventType"})
            return
        made = self.desk.register(name, events)
        self._json(200, self.desk.function, {"Lambda-Extension-Identifier": made.identifier})

    def _extension(self) -> Extension | None:
        found = self.desk.extensions.get(self.headers.get("Lambda-Extension-Identifier") or "")
        if found is None:
            self._json(403, {"errorMessage": "Unknown extension identifier", "errorType": "Extension.UnknownExtensionIdentifier"})
        return found

    def _document(self, body: bytes) -> dict[str, Any]:
        try:
            document = json.loads(body)
        except ValueError:
            document = None
        if isinstance(document, dict):
            return document
        return {"errorType": self._type("Runtime.Unknown"), "errorMessage": body.decode("utf-8", "replace")}

    def _type(self, default: str) -> str:
        return self.headers.get("Lambda-Runtime-Function-Error-Type") or default

    def _chunked(self) -> bool:
        return (self.headers.get("Transfer-Encoding") or "").lower() == "chunked"

    def _chunks(self) -> bytes:
        """A streamed response, collected."""
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return b"".join(pieces)

    def _json(self, status: int, document: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(document).encode(), headers or {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
