"""The HTTP/1.1 edge: sockets to ``HttpRequest``, ``HttpResponse`` to sockets. Loopback only, bounded in every direction.

One asyncio protocol per connection over the httptools parser. Requests of one connection are answered strictly in order;
pipelined ones wait in a bounded queue. asyncio sets TCP_NODELAY on every TCP transport, so small answers never wait for an ACK.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import time
from collections.abc import Callable
from ipaddress import ip_address

from sandbox.errors import LearnerError
from sandbox.front_door.connection import Connection, ServerLimits
from sandbox.http_message import HttpRequest, Respond

log = logging.getLogger(__name__)
_SWEEP_S = 1.0

Handle = Callable[[HttpRequest, Respond], None]


class HttpServer:
    """Listens and keeps the connections. ``handle`` is called in the loop's thread and answers through ``respond`` once."""

    def __init__(self, handle: Handle, loop: asyncio.AbstractEventLoop, limits: ServerLimits | None = None) -> None:
        self.handle = handle
        self.limits = limits or ServerLimits()
        self.connections: set[Connection] = set()
        self.closing = False
        self._loop = loop
        self._server: asyncio.Server | None = None
        self._also: list[asyncio.Server] = []
        self._starting: set[asyncio.Task[None]] = set()
        self._sweep: asyncio.TimerHandle | None = None

    @staticmethod
    def now() -> float:
        return time.monotonic()

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> int:
        """Listen and return the port (``0`` picks a free one); LearnerError when that cannot be."""
        if not ip_address(host).is_loopback:
            raise LearnerError(f"{host} is not a loopback address; the account listens on this machine only (use 127.0.0.1)")
        try:
            self._server = await self._loop.create_server(lambda: Connection(self), host, port, backlog=512)
        except OverflowError as error:
            raise LearnerError(f"{port} is not a port; choose a number from 1024 to 65535 with --port") from error
        except OSError as error:
            raise LearnerError(_why_no_port(port, error)) from error
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    def listen_also(self, door: socket.socket) -> None:
        """Take calls from a second place as well: a socket that listens already, such as one in another network namespace."""
        task = self._loop.create_task(self._listen_also(door))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _listen_also(self, door: socket.socket) -> None:
        server = await self._loop.create_server(lambda: Connection(self), sock=door)
        if self.closing:
            server.close()
        else:
            self._also.append(server)

    def opened(self, connection: Connection) -> bool:
        """False when there are too many connections already, or none are wanted any more."""
        if self.closing or len(self.connections) >= self.limits.connections_max:
            return False
        self.connections.add(connection)
        if self._sweep is None:
            self._sweep = self._loop.call_later(_SWEEP_S, self._sweep_connections)
        return True

    def closed(self, connection: Connection) -> None:
        self.connections.discard(connection)

    def _sweep_connections(self) -> None:
        """One timer for all connections: a timer per request would cost the fast path more than parsing does."""
        self._sweep = None
        now = self.now()
        for connection in [held for held in self.connections if held.deadline <= now]:
            connection.expire()
        if self.connections:
            self._sweep = self._loop.call_later(_SWEEP_S, self._sweep_connections)

    async def close(self, grace_s: float = 2.0) -> None:
        """Stop listening, let running requests finish for ``grace_s``, then cut what is left. Idempotent."""
        self.closing = True
        for server in (*self._also, *([self._server] if self._server is not None else [])):
            server.close()
        for connection in list(self.connections):
            connection.finish()
        until = self.now() + grace_s
        while self.connections and self.now() < until:
            await asyncio.sleep(0.01)
        for connection in list(self.connections):
            connection.abort()
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        if self._server is not None:
            await asyncio.sleep(0)
            self._server = None


def _why_no_port(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use; stop the program that holds it, or choose another with --port N (0 picks a free one)"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"this user may not listen on port {port}; choose one from 1024 upwards with --port N"
    return f"cannot listen on port {port}: {error.strerror or error}; choose another with --port N"
