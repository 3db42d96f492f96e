"""Out of the box by the network: a function reaches its account's address and nothing else."""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit

import pytest

NO_WAY = {"ECONNREFUSED", "ENETUNREACH", "EACCES", "EPERM"}


@pytest.fixture
def service():
    """Something else that listens on this machine: an editor, a database, another account."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        yield server


def test_a_service_on_loopback_is_out_of_reach(boxed, service):
    said = boxed.run(
        "result = said(lambda: connect(socket.AF_INET, ('127.0.0.1', event['port'])))", port=service.getsockname()[1]
    )
    assert said in NO_WAY
    with pytest.raises(TimeoutError):
        service.accept()


def test_the_control_channel_is_out_of_reach(boxed):
    port = urlsplit(boxed.account.control.url).port
    assert boxed.run("result = said(lambda: connect(socket.AF_INET, ('127.0.0.1', event['port'])))", port=port) in NO_WAY


def test_the_internet_and_the_instance_metadata_are_out_of_reach(boxed):
    code = "result = [said(lambda a=a: connect(socket.AF_INET, a)) for a in (('1.1.1.1', 443), ('169.254.169.254', 80))]"
    assert set(boxed.run(code)) <= {"ENETUNREACH", "EACCES"}


def test_no_datagram_leaves_the_box(boxed):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(0)
        code = """
        def send():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(b"secret", ("127.0.0.1", event["port"]))
        result = said(send)
        """
        boxed.run(code, port=listener.getsockname()[1])
        with pytest.raises(BlockingIOError):
            listener.recv(100)


def test_names_are_not_resolved_by_the_outside(boxed):
    assert boxed.run("result = said(lambda: socket.getaddrinfo('example.org', 80))") != ""


def test_unix_sockets_of_the_machine_are_out_of_reach(boxed, tmp_path):
    path, abstract = str(tmp_path / "agent"), f"agent-{os.getpid()}-{boxed.backend}"
    with socket.socket(socket.AF_UNIX) as by_path, socket.socket(socket.AF_UNIX) as by_name:
        by_path.bind(path)
        by_path.listen()
        by_name.bind("\0" + abstract)
        by_name.listen()
        code = "result = [said(lambda a=a: connect(socket.AF_UNIX, a)) for a in (event['path'], chr(0) + event['abstract'])]"
        assert "" not in boxed.run(code, path="/.." + path, abstract=abstract)


def test_the_hypervisor_is_out_of_reach(boxed):
    assert boxed.run("result = said(lambda: socket.socket(40, socket.SOCK_STREAM))") == "EAFNOSUPPORT"


def test_what_connects_without_connecting_is_refused(boxed, service):
    """TCP fast open sends with the first packet; io_uring makes system calls that no filter sees."""
    code = """
    import ctypes
    def fast_open():
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
            client.sendto(b"x", 0x20000000, ("127.0.0.1", event["port"]))
    result = [said(fast_open), ctypes.CDLL(None).syscall(425, 8, 0)]
    """
    said, ring = boxed.run(code, port=service.getsockname()[1])
    assert said != ""
    assert ring == -1
    with pytest.raises(TimeoutError):
        service.accept()


def test_only_landlock_lets_the_accounts_port_of_another_address_through(boxed):
    """Landlock's rule names a port, no host: the documented weakness of that backend."""
    port = urlsplit(boxed.account.endpoint_url).port
    with socket.create_server(("127.0.0.2", port)):
        said = boxed.run("result = said(lambda: connect(socket.AF_INET, ('127.0.0.2', event['port'])))", port=port)
    assert (said == "") == (boxed.backend == "landlock")


def test_the_front_door_is_no_proxy(boxed, service):
    code = """
    import http.client, urllib.parse
    door = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"]).netloc
    result = []
    for method, target in (("CONNECT", event["to"]), ("GET", f"http://{event['to']}/")):
        client = http.client.HTTPConnection(door, timeout=3)
        client.request(method, target)
        result.append(client.getresponse().status)
    """
    statuses = boxed.run(code, to=f"127.0.0.1:{service.getsockname()[1]}")
    assert all(status >= 400 for status in statuses)
    with pytest.raises(TimeoutError):
        service.accept()
