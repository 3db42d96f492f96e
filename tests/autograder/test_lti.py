"""Against a small platform of our own: it verifies the tool's signature, hands out tokens, and keeps line items and scores."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from autograder.errors import GraderFault, SubmissionError
from autograder.lti import LINE_ITEM_SCOPE, SCORE_SCOPE, Passback, Platform, Score, load_platform
from sandbox.clock import Clock

NOW = 1_790_000_000.0
KEY = RSAKey.generate_key(2048)


class Campus(ThreadingHTTPServer):
    """The platform's side. ``items`` are its line items, ``scores`` what was posted, by path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.items: list[dict[str, Any]] = []
        self.scores: list[tuple[str, dict[str, Any]]] = []
        self.assertions: set[str] = set()
        self.elsewhere = ""


class Desk(BaseHTTPRequestHandler):
    server: Campus

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            return self._token({name: values[0] for name, values in parse_qs(body.decode()).items()})
        if self.headers["Authorization"] != "Bearer let-me-in":
            return self._answer(401, {})
        if self.path == "/items" and self.headers["Content-Type"] == "application/vnd.ims.lis.v2.lineitem+json":
            where = self.server.elsewhere or self.server.url
            item = json.loads(body) | {"id": f"{where}/items/{len(self.server.items)}?type=a"}
            self.server.items.append(item)
            return self._answer(201, item)
        if "/scores" in self.path and self.headers["Content-Type"] == "application/vnd.ims.lis.v1.score+json":
            score = json.loads(body)
            if score["userId"] == "gone":
                return self._answer(422, {"error": "no such user"})
            self.server.scores.append((self.path, score))
            return self._answer(200, {})
        return self._answer(400, {"error": f"what is {self.path}?"})

    def do_GET(self) -> None:
        page = int(self.path.partition("page=")[2] or 0)
        shown = self.server.items[page : page + 1]
        more = {"Link": f'<{self.server.url}/items?page={page + 1}>; rel="next"'} if page + 1 < len(self.server.items) else {}
        self._answer(200, shown, more)

    def _token(self, form: dict[str, str]) -> None:
        try:
            found = jwt.decode(form["client_assertion"], KEY, algorithms=["RS256"])
        except JoseError:
            return self._answer(401, {"error": "invalid_client"})
        claims = found.claims
        sound = (
            claims["iss"] == claims["sub"] == "tool-7"
            and claims["aud"] == f"{self.server.url}/token"
            and claims["iat"] <= NOW < claims["exp"] <= NOW + 600
            and claims["jti"] not in self.server.assertions
            and found.header["kid"] == "key-1"
            and form["grant_type"] == "client_credentials"
            and form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            and set(form["scope"].split()) == {LINE_ITEM_SCOPE, SCORE_SCOPE}
        )
        self.server.assertions.add(claims["jti"])
        return self._answer(200, {"access_token": "let-me-in"}) if sound else self._answer(400, {"error": "invalid_request"})

    def _answer(self, status: int, document: Any, more: dict[str, str] | None = None) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def campus() -> Iterator[Campus]:
    with Campus() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def platform(campus: Campus, key: RSAKey = KEY) -> Platform:
    users = {"ada": "u-1", "mary": "u-2", "zoe": "gone"}
    return Platform(f"{campus.url}/token", f"{campus.url}/items", "tool-7", "key-1", key, users)


def send(campus: Campus, *scores: Score, resource: str = "image-application", key: RSAKey = KEY) -> dict[str, str]:
    passback = Passback(platform(campus, key), Clock(virtual=True, start=NOW))
    try:
        return passback.send(resource, "The image application", scores)
    finally:
        passback.close()


def test_a_line_item_is_made_once_and_every_score_goes_to_it(campus: Campus) -> None:
    assert send(campus, Score("ada", 87.5, 100), Score("mary", 0, 100, final=False)) == {}
    assert send(campus, Score("ada", 90, 100)) == {}
    made = [{name: value for name, value in item.items() if name != "id"} for item in campus.items]
    assert made == [{"label": "The image application", "scoreMaximum": 100, "resourceId": "image-application", "tag": "grade"}]
    assert {path for path, _score in campus.scores} == {"/items/0/scores?type=a"}
    assert [(score["userId"], score["scoreGiven"], score["gradingProgress"]) for _path, score in campus.scores] == [
        ("u-1", 87.5, "FullyGraded"),
        ("u-2", 0, "PendingManual"),
        ("u-1", 90, "FullyGraded"),
    ]
    assert campus.scores[0][1]["timestamp"] == "2026-09-21T14:13:20.000+00:00"


def test_a_line_item_on_a_later_page_is_found(campus: Campus) -> None:
    for resource in ("one", "two", "three", "two"):
        send(campus, Score("ada", 1, 1), resource=resource)
    assert [item["resourceId"] for item in campus.items] == ["one", "two", "three"]
    assert campus.scores[-1][0] == "/items/1/scores?type=a"


def test_learners_the_platform_does_not_know_are_told_and_stop_nobody(campus: Campus) -> None:
    left_out = send(campus, Score("zoe", 1, 2), Score("stranger", 1, 2), Score("ada", 2, 2))
    assert left_out["zoe"].startswith("the platform refused user gone: 422")
    assert "names no user" in left_out["stranger"]
    assert [score["userId"] for _path, score in campus.scores] == ["u-1"]


def test_a_signature_of_another_key_gets_no_token(campus: Campus) -> None:
    with pytest.raises(GraderFault, match="did not give a token: 401"):
        send(campus, Score("ada", 1, 1), key=RSAKey.generate_key(2048))
    assert campus.scores == []


def test_the_token_does_not_go_to_another_host(campus: Campus) -> None:
    campus.elsewhere = "http://127.0.0.1:1"
    with pytest.raises(GraderFault, match="our token does not go there"):
        send(campus, Score("ada", 1, 1))


def registration(tmp_path: Path, **change: str) -> Path:
    (tmp_path / "key.pem").write_bytes(KEY.as_pem(private=True))
    lines = {
        "token_url": "https://campus.example/token",
        "line_items_url": "https://campus.example/items",
        "client_id": "tool-7",
        "key_id": "key-1",
        "key_file": "key.pem",
    } | change
    path = tmp_path / "platform.toml"
    path.write_text("".join(f'{name} = "{value}"\n' for name, value in lines.items() if value) + '[users]\nada = "u-1"\n')
    return path


def test_a_registration_is_a_file(tmp_path: Path) -> None:
    found = load_platform(registration(tmp_path))
    assert (found.client_id, dict(found.users), found.key.thumbprint()) == ("tool-7", {"ada": "u-1"}, KEY.thumbprint())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"client_id": ""}, "has no client_id"),
        ({"token_url": "http://campus.example/token"}, "is not https"),
        ({"key_file": "none.pem"}, "no registration"),
        ({"key_file": "platform.toml"}, "no registration"),
    ],
)
def test_a_registration_that_is_wrong_says_how(tmp_path: Path, change: dict[str, str], said: str) -> None:
    with pytest.raises(SubmissionError, match=said):
        load_platform(registration(tmp_path, **change))
