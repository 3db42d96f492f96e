"""The control channel over HTTP: a socket and a token of its own, out of reach of account credentials and of function code.

``POST /<command>`` with a JSON object. The Host header must name this machine and no CORS header is ever sent, so a page in a
browser can neither read nor, for want of the token, cause anything.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any

from sandbox.control.commands import Commands
from sandbox.errors import LearnerError, SandboxError
from sandbox.front_door.connection import ServerLimits
from sandbox.front_door.route import host_name
from sandbox.http_message import HttpRequest, HttpResponse, Respond

log = logging.getLogger(__name__)

LIMITS = ServerLimits(header_bytes_max=64 * 1024, headers_max=100, body_bytes_max=1024 * 1024, connections_max=64)
_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})


class ControlServer:
    """``handle`` is what an ``HttpServer`` of its own is given."""

    def __init__(self, commands: Commands, token: str) -> None:
        self._commands = commands
        self._expected = f"Bearer {token}".encode()

    def handle(self, request: HttpRequest, respond: Respond) -> None:
        refused = self._refusal(request)
        if refused is not None:
            respond(refused)
            return
        try:
            params = json.loads(request.body or b"{}")
        except ValueError:
            params = None
        if not isinstance(params, dict):
            respond(_error(400, "The body of a control command is a JSON object."))
            return

        def done(answer: Mapping[str, Any] | SandboxError) -> None:
            if isinstance(answer, LearnerError):
                respond(_error(400, str(answer)))
            elif isinstance(answer, SandboxError):
                log.error("control command %s: %s", request.path, answer)
                respond(_error(500, str(answer)))
            else:
                respond(_json(200, answer))

        self._commands.handle(request.path.strip("/"), params, done)

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if host_name(request.host) not in _HOSTS:
            return _error(403, "The control channel answers to 127.0.0.1 and localhost only.")
        given = request.header("authorization").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._expected):
            return _error(401, "The control channel needs its own token (control_token of the account's start-up line).")
        if request.method != "POST":
            return _error(405, f"Control commands are POSTed; there are: {', '.join(self._commands.names)}.")
        return None


def _json(status: int, value: Mapping[str, Any]) -> HttpResponse:
    body = json.dumps(value, separators=(",", ":"), default=str).encode()
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    return HttpResponse(status, headers, body)


def _error(status: int, message: str) -> HttpResponse:
    return _json(status, {"error": {"message": message}})
