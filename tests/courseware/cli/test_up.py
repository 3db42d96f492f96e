from __future__ import annotations

import socket
from pathlib import Path

import pytest

from courseware.cli import main as entry
from courseware.cli import up
from courseware.jupyter_ext import server
from courseware.web import book


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    addresses: list[str] = []
    monkeypatch.setattr(entry.signal, "signal", lambda *_: None)
    monkeypatch.setattr(up.webbrowser, "open", addresses.append)
    monkeypatch.setattr(up, "_has_display", lambda: True)
    monkeypatch.setattr(book, "build_book", lambda *_: Path("/the/book"))
    return addresses


def serving(served: list[tuple[int, Path]], monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(port: int, folder: Path, listening) -> None:
        served.append((port, folder))
        listening(f"http://127.0.0.1:{port}/?token=abc")

    monkeypatch.setattr(server, "serve", serve)


def test_the_address_is_printed_and_opened(
    monkeypatch: pytest.MonkeyPatch, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[tuple[int, Path]] = []
    serving(served, monkeypatch)
    assert entry.main(["up"]) == 0
    port, folder = served[0]
    assert folder == Path("/the/book")
    assert opened == [f"http://127.0.0.1:{port}/?token=abc"]
    assert f"http://127.0.0.1:{port}/lab\n" in capsys.readouterr().out


def test_no_browser_means_none(monkeypatch: pytest.MonkeyPatch, opened: list[str]) -> None:
    serving([], monkeypatch)
    assert entry.main(["up", "--no-browser"]) == 0
    assert opened == []


def test_a_port_in_use_is_told_before_anything_is_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built: list[object] = []
    monkeypatch.setattr(book, "build_book", lambda *args: built.append(args))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert entry.main(["up", "--port", str(taken.getsockname()[1])]) == 2
    assert "--port N" in capsys.readouterr().err
    assert built == []
