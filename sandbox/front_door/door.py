"""Message in, answer out: finds the door a request is for. Whatever breaks is still answered, and the account lives on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from sandbox.control_plane import wire
from sandbox.errors import AwsError
from sandbox.front_door.causes import Causes
from sandbox.front_door.claim import read_claim
from sandbox.front_door.code_download import CodeDownload
from sandbox.front_door.function_url import FunctionUrlDoor, UrlSource
from sandbox.front_door.gate import Gate, Rooms
from sandbox.front_door.http_answer import refusal
from sandbox.front_door.lambda_fast_path import INVOKE_PATH, InvokeDoor
from sandbox.front_door.route import GATEWAY_PREFIX, URL_PREFIX, Route, host_name, is_served, route
from sandbox.http_message import HttpRequest, HttpResponse, Respond
from sandbox.invocation.invoke import Invoker

log = logging.getLogger(__name__)

_WELCOME = (
    "This is a local AWS account for learning, not a web site. Point an AWS client at it with AWS_ENDPOINT_URL and sign requests "
    "with the account's keys; Function URLs are below /lambda-url/<url-id>/, APIs below /execute-api/<api-id>/."
)


class Gateway(Protocol):
    def handle(self, request: HttpRequest, respond: Respond, route: Route) -> None: ...


class FrontDoor:
    """``knows_bucket`` tells anonymous S3 access from a stranger; see ``route``."""

    def __init__(
        self, rooms: Rooms, invoker: Invoker, urls: UrlSource, downloads: CodeDownload, knows_bucket: Callable[[str], bool]
    ) -> None:
        self.causes = Causes()
        self.invokes = InvokeDoor(rooms, invoker, self.causes)
        self.gate = Gate(rooms, self.invokes.parsed, self.causes)
        self.urls = FunctionUrlDoor(rooms, invoker, urls, self.causes)
        self.invokes.gate = self.gate
        self.urls.gate = self.gate
        self.apis: Gateway | None = None
        self._rooms = rooms
        self._downloads = downloads
        self._knows_bucket = knows_bucket

    def handle(self, request: HttpRequest, respond: Respond) -> None:
        """Answers through ``respond``, at once or later; never raises."""
        try:
            self._handle(request, respond)
        except Exception:
            log.exception("%s %s broke inside the account", request.method, request.path)
            self.gate.defects.append(f"{request.method} {request.path}: see the account's log")
            respond(self._failed(request))

    def clear(self) -> None:
        """Forget what belongs to the life before a reset."""
        self.causes.clear()
        self.gate.defects.clear()

    def _handle(self, request: HttpRequest, respond: Respond) -> None:
        host = host_name(request.host)
        try:
            claim = None if self._is_url(request, host) else read_claim(request)
        except AwsError as error:
            respond(self._unreadable(request, error) if is_served(host) else self._refused_host(host))
            return
        if claim is not None and claim.service == "lambda" and request.method == "POST":
            match = INVOKE_PATH.match(request.path)
            if match is not None and is_served(host):
                self.invokes.handle(request, respond, claim, match[1])
                return
        found = route(request, claim, self._knows_bucket)
        if found.kind == "api":
            self.gate.handle(request, respond, claim, found)
        elif found.kind == "url":
            self.urls.handle(request, respond, found)
        elif found.kind == "gateway" and self.apis is not None:
            self.apis.handle(request, respond, found)
        elif found.kind == "code":
            respond(self._downloads.answer(found.name, request))
        elif found.kind == "refused":
            respond(self._refused_host(host))
        else:
            respond(refusal(404, "UnknownRequest", _WELCOME))

    def _failed(self, request: HttpRequest) -> HttpResponse:
        """A 500 in the protocol of the service, or an SDK would complain about the answer's form instead of showing it."""
        error = AwsError("InternalFailure", "The account failed on this request; its log has the details.", 500)
        try:
            found = route(request, read_claim(request), self._knows_bucket)
            if found.kind == "api":
                return wire.serialise_error(found.service, None, error, request, self._rooms.ids.uuid())
        except Exception:
            log.exception("the failure could not be worded as AWS would")
        return refusal(500, error.code, error.message or "")

    @staticmethod
    def _is_url(request: HttpRequest, host: str) -> bool:
        """Function URLs and APIs read credentials themselves, if they want any; the rest of a request is for the function."""
        return ".lambda-url." in host or ".execute-api." in host or request.path.startswith((URL_PREFIX, GATEWAY_PREFIX))

    @staticmethod
    def _refused_host(host: str) -> HttpResponse:
        message = f"The host name {host[:200]!r} is not served here. Use 127.0.0.1, localhost or an AWS host name."
        return refusal(403, "HostNotAllowed", message)

    def _unreadable(self, request: HttpRequest, error: AwsError) -> HttpResponse:
        """Credentials that cannot be read, in the words of the service the request looks like."""
        found = route(request, None, self._knows_bucket)
        if found.kind == "api":
            return wire.serialise_error(found.service, None, error, request, self._rooms.ids.uuid())
        return refusal(error.status, error.code, error.message or error.code)
