from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from sandbox.errors import LearnerError
from sandbox.front_door.connection import ServerLimits
from sandbox.front_door.server import Handle, HttpServer
from sandbox.http_message import ChunkSink, HttpRequest, HttpResponse, Respond


def echo(request: HttpRequest, respond: Respond) -> None:
    seen = {"method": request.method, "path": request.path, "query": request.query, "body": request.body.decode("latin-1")}
    respond(
        HttpResponse(200, [("Content-Type", "application/json"), ("X-Seen", request.header("x-sent"))], json.dumps(seen).encode())
    )


@contextmanager
def serving(handle: Handle = echo, limits: ServerLimits | None = None) -> Iterator[tuple[int, HttpServer]]:
    loop = asyncio.new_event_loop()
    server = HttpServer(handle, loop, limits)
    port = loop.run_until_complete(server.start(0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield port, server
    finally:
        asyncio.run_coroutine_threadsafe(server.close(0.2), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


@pytest.fixture(name="port", scope="module")
def port_of_an_echoing_server() -> Iterator[int]:
    with serving() as (port, _):
        yield port


def exchange(port: int, sent: bytes, *, half_close: bool = True) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        client.sendall(sent)
        if half_close:
            client.shutdown(socket.SHUT_WR)
        received = b""
        while data := client.recv(65536):
            received += data
    return received


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def is_alive(port: int) -> bool:
    return status_of(exchange(port, b"GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n")) == 200


def test_one_connection_serves_many_requests(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    for number in range(3):
        connection.request("POST", f"/a?n={number}", body=b"hello", headers={"X-Sent": "yes"})
        answer = connection.getresponse()
        assert json.loads(answer.read()) == {"method": "POST", "path": "/a", "query": f"n={number}", "body": "hello"}
        assert answer.getheader("X-Seen") == "yes"
    connection.close()


def test_pipelined_requests_are_answered_in_order() -> None:
    held: list[Respond] = []

    def handle(request: HttpRequest, respond: Respond) -> None:
        if request.path == "/slow":
            held.append(respond)
            asyncio.get_running_loop().call_later(0.02, respond, HttpResponse(200, body=b"slow"))
        else:
            respond(HttpResponse(200, body=request.path.encode()))

    requests = [b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"] + [b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % n for n in range(40)]
    with serving(handle) as (port, _):
        answer = exchange(
            port, b"".join(requests) + b"GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", half_close=False
        )
    bodies = [part.partition(b"\r\n\r\n")[2] for part in answer.split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies == [b"slow", *(b"/%d" % n for n in range(40)), b"/end"]


def test_a_chunked_request_body_is_put_together(port: int) -> None:
    sent = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Trailer: t\r\n\r\n"
    assert b'"body": "abcdefg"' in exchange(port, sent)


def test_a_client_that_expects_continue_is_told_to_go_on(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        client.sendall(b"PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"data")
        assert b'"body": "data"' in client.recv(1000)


def test_head_tells_the_length_and_sends_no_body() -> None:
    def handle(_: HttpRequest, respond: Respond) -> None:
        respond(HttpResponse(200, [("Content-Length", "1234")], b"not sent"))

    with serving(handle) as (port, _):
        answer = exchange(port, b"HEAD /b/k HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"Content-Length: 1234\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_http_1_0_gets_its_answer_and_a_closed_connection(port: int) -> None:
    assert b"Connection: close" in exchange(port, b"GET / HTTP/1.0\r\n\r\n", half_close=False)


def test_an_offered_upgrade_is_declined_and_the_request_answered(port: int) -> None:
    sent = b"POST /u HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 3\r\n\r\na=b"
    answer = exchange(port, sent + b"GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", half_close=False)
    assert (status_of(answer), answer.count(b"HTTP/1.1 200")) == (200, 2)
    assert b'"body": "a=b"' in answer


def test_a_streamed_answer_is_chunked() -> None:
    def feed(sink: ChunkSink) -> None:
        sink.chunk(b"one")
        sink.chunk(b"")
        sink.chunk(b"two")
        sink.end()

    def handle(_: HttpRequest, respond: Respond) -> None:
        respond(HttpResponse(200, [], stream=feed))

    with serving(handle) as (port, _):
        answer = exchange(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        plain = exchange(port, b"GET / HTTP/1.0\r\nHost: x\r\n\r\n")
    assert b"Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n" in answer
    assert plain.endswith(b"\r\n\r\nonetwo")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"y" * 1_100_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"y" * 1_500_000, 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ],
)
def test_what_cannot_be_served_is_refused_clearly_and_the_server_lives_on(port: int, sent: bytes, status: int) -> None:
    answer = exchange(port, sent)
    assert status_of(answer) == status
    assert set(json.loads(answer.partition(b"\r\n\r\n")[2])) == {"__type", "message"}
    assert is_alive(port)


def test_a_body_over_the_limit_is_refused_even_without_a_declared_length() -> None:
    limits = ServerLimits(body_bytes_max=1000)
    with serving(limits=limits) as (port, _):
        chunk = b"%x\r\n" % 600 + b"y" * 600 + b"\r\n"
        answer = exchange(port, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 2 + b"0\r\n\r\n")
        assert status_of(answer) == 413
        assert is_alive(port)


def test_a_client_that_hangs_up_mid_body_leaves_nothing_behind(port: int) -> None:
    with serving() as (port, server):
        with socket.create_connection(("127.0.0.1", port), 5) as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        assert is_alive(port)
        assert exchange(port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert len(server.connections) <= 1


def test_an_answer_to_a_client_that_is_gone_is_dropped() -> None:
    held: list[Respond] = []
    arrived = threading.Event()

    def handle(request: HttpRequest, respond: Respond) -> None:
        if request.path == "/held":
            held.append(respond)
            arrived.set()
        else:
            for waiting in held:
                waiting(HttpResponse(200, body=b"late"))
            respond(HttpResponse(200))

    with serving(handle) as (port, _):
        with socket.create_connection(("127.0.0.1", port), 5) as client:
            client.sendall(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
            assert arrived.wait(5)
        assert is_alive(port)


def test_a_request_that_is_never_finished_times_out() -> None:
    limits = ServerLimits(head_s_max=0.1, body_gap_s_max=0.1)
    with serving(limits=limits) as (port, _):
        assert status_of(exchange(port, b"GET / HTTP/1.1\r\nHo", half_close=False)) == 408
        assert status_of(exchange(port, b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhal", half_close=False)) == 408
        assert is_alive(port)


def test_a_handler_that_fails_is_an_answer_and_the_server_lives_on(caplog: pytest.LogCaptureFixture) -> None:
    def handle(request: HttpRequest, respond: Respond) -> None:
        if request.path == "/bad":
            raise RuntimeError("planted")
        respond(HttpResponse(200))

    with serving(handle) as (port, _):
        assert status_of(exchange(port, b"GET /bad HTTP/1.1\r\nHost: x\r\n\r\n")) == 500
        assert is_alive(port)
    assert "planted" in caplog.text


def test_a_header_with_a_line_break_never_reaches_the_wire(caplog: pytest.LogCaptureFixture) -> None:
    def handle(_: HttpRequest, respond: Respond) -> None:
        respond(HttpResponse(200, [("X-Evil", "a\r\nSet-Cookie: b=c")], b"body"))

    with serving(handle) as (port, _):
        answer = exchange(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status_of(answer) == 502
    assert b"Set-Cookie" not in answer
    assert "line break" in caplog.text


def start_on(port: int, host: str = "127.0.0.1") -> Callable[[], None]:
    def start() -> None:
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(HttpServer(echo, loop).start(port, host))
        finally:
            loop.close()

    return start


def test_a_port_in_use_names_the_fix(port: int) -> None:
    with pytest.raises(LearnerError, match=f"port {port} is in use.*--port"):
        start_on(port)()


def test_only_loopback_is_served() -> None:
    with pytest.raises(LearnerError, match="loopback"):
        start_on(0, "0.0.0.0")()


def test_a_number_that_is_no_port_is_refused() -> None:
    with pytest.raises(LearnerError, match="not a port"):
        start_on(70_000)()


def test_eight_callers_at_once_get_their_own_answers(port: int) -> None:
    wrong: list[str] = []

    def caller(name: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        for number in range(50):
            connection.request("POST", f"/{name}", body=str(number))
            seen = json.loads(connection.getresponse().read())
            if (seen["path"], seen["body"]) != (f"/{name}", str(number)):
                wrong.append(str(seen))
        connection.close()

    threads = [threading.Thread(target=caller, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert wrong == []
