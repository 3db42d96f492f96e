"""The local server as a process: one origin for the book, JupyterLab, progress and an account."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import websocket

from courseware.machine import free_port

ROOT = Path(__file__).parents[3]
SERVE = """
import sys
from pathlib import Path
from courseware.jupyter_ext.server import serve
serve(int(sys.argv[1]), Path(sys.argv[2]), lambda address: print(address, flush=True))
"""


class Server:
    """The process, its address and its token."""

    def __init__(self, process: subprocess.Popen[str], port: int, token: str) -> None:
        self.process, self.port, self.token = process, port, token
        self.host = f"127.0.0.1:{port}"

    def ask(self, method: str, path: str, body: Any = None, token: bool = False, **headers: str) -> Any:
        """The answer with its body in ``.text``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            named["Authorization"] = f"token {self.token}"
        connection.request(method, path, None if body is None else json.dumps(body), {"Host": self.host, **named})
        answer: Any = connection.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer

    def status(self) -> Any:
        return json.loads(self.ask("GET", "/course/status", token=True).text)

    def account_until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Ask until the account is as wanted; each question takes its time on the server, so this does not spin."""
        for _ in range(20_000):
            account: dict[str, Any] = self.status()["account"]
            assert not account["trouble"], account
            if wanted(account):
                return account
        raise AssertionError(f"the account never became as wanted: {account}")


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Server]:
    book = folder / "html"
    (book / "labs").mkdir(parents=True)
    (book / "index.html").write_text("<title>the book</title>")
    (book / "course-server.json").write_text("{}")
    (book / "app.0123456789ab.js").write_text("plain()")
    (book / "app.0123456789ab.js.br").write_bytes(b"brotli, as far as this test goes")
    (book / "module.mjs").write_text("export default 1")
    (book / "pyodide.wasm").write_bytes(b"\0asm")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "COURSE_"))}
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", SERVE, str(port), str(book)],
        stdout=subprocess.PIPE,
        text=True,
        env={**kept, "PYTHONPATH": str(ROOT), "COURSE_STATE": str(folder / "state"), "COURSE_ROOT": str(ROOT)},
    )
    with process:
        try:
            assert process.stdout is not None
            yield Server(process, port, process.stdout.readline().strip().partition("token=")[2])
        finally:
            if process.poll() is None:
                process.terminate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture
def signed_in(server: Server) -> dict[str, str]:
    """Headers of a browser that has opened the printed address."""
    first = server.ask("GET", f"/?token={server.token}")
    login = re.findall(r"username[^;]+", first.headers["Set-Cookie"])[0]
    page = server.ask("GET", "/", Cookie=login)
    xsrf = re.findall(r"_xsrf=([^;]+)", page.headers["Set-Cookie"])[0]
    return {"Cookie": f"{login}; _xsrf={xsrf}", "X_XSRFToken": xsrf}


def test_pages_can_be_read_by_anyone_on_this_machine(server: Server) -> None:
    page = server.ask("GET", "/")
    assert (page.status, page.text) == (200, "<title>the book</title>")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert server.ask("HEAD", "/index.html").headers["Content-Length"] == str(len(page.text))


def test_pages_may_load_nothing_from_elsewhere(server: Server) -> None:
    page = server.ask("GET", "/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "'wasm-unsafe-eval'" in policy
    assert "http" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_a_foreign_host_name_is_refused(server: Server) -> None:
    assert server.ask("GET", "/", Host="evil.example").status == 403
    assert server.ask("GET", "/course-server.json", Host="evil.example").status == 403


@pytest.mark.parametrize(
    "path", ["/lab", "/tree", "/api/contents", "/api/kernels", "/course/progress", "/course/status", "/api/status"]
)
def test_everything_that_is_the_learners_needs_signing_in(server: Server, path: str) -> None:
    assert server.ask("GET", path).status in {302, 403}
    assert server.ask("GET", path, Authorization="token wrong").status in {302, 403}


def test_the_token_becomes_a_cookie_and_leaves_the_address(server: Server) -> None:
    answer = server.ask("GET", f"/?token={server.token}&page=2")
    assert answer.status == 302
    assert answer.headers["Location"] == "/?page=2"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    wrong = server.ask("GET", "/?token=wrong")
    assert (wrong.status, wrong.headers["Location"], wrong.headers["Set-Cookie"]) == (302, "/", None)


def test_a_redirect_never_leads_to_another_host(server: Server) -> None:
    for path in ("//evil.example/?token=x", "//evil.example/index.html?token=x", "/%2F/evil.example/?token=x"):
        assert not (server.ask("GET", path).headers["Location"] or "").startswith("//")


def test_a_page_learns_what_there_is_only_when_signed_in(server: Server, signed_in: dict[str, str]) -> None:
    assert server.ask("GET", "/course-server.json").text == "{}"
    assert json.loads(server.ask("GET", "/course-server.json", **signed_in).text)["progress"] == "/course/progress"


def test_jupyterlab_is_there_and_asks_nobody_else(server: Server, signed_in: dict[str, str]) -> None:
    server.ask("GET", "/lab", **signed_in)  # waits until it has been loaded
    page = server.ask("GET", "/lab", **signed_in)
    assert page.status == 200
    config = json.loads(re.findall(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.text, re.DOTALL)[0])
    assert config.get("newsUrl") is None
    left_out = set(config["disabledExtensions"])
    assert "@jupyterlab/lsp-extension" in left_out
    assert {f"@jupyterlab/{one}-extension:language-server" for one in ("fileeditor", "notebook")} <= left_out  # they ask for it
    config.pop("fullMathjaxUrl")  # from the days of MathJax 2; JupyterLab 4 brings its own and never asks there
    assert "https://" not in json.dumps({key: value for key, value in config.items() if key.endswith("Url")})


def test_who_asks_for_jupyterlab_at_once_gets_it(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        first = server.ask("GET", "/lab/tree/function-url", token=True)
        again = server.ask("GET", first.headers["Location"] or "/lab", token=True)
        assert (again.status, "jupyter-config-data" in again.text) == (200, True)


def test_progress_is_kept_and_merged(server: Server, signed_in: dict[str, str]) -> None:
    first = {"schema": 1, "steps": {"lab/one": {"passed_at": 5}}, "sections": {}}
    second = {"schema": 1, "steps": {"lab/two": {"passed_at": 6}}, "sections": {"index": {"read_at": 7}}}
    assert server.ask("PUT", "/course/progress", first, **signed_in).status == 200
    merged = json.loads(server.ask("PUT", "/course/progress", second, **signed_in).text)
    assert set(merged["steps"]) == {"lab/one", "lab/two"}
    again = server.ask("GET", "/course/progress", **signed_in)
    assert json.loads(again.text) == merged
    assert again.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 400),
        ({"schema": 99}, 400),
        ({"schema": 1, "steps": {"x": {"passed_at": "y"}}}, 400),
        ({"schema": 1, "pad": "x" * 1_000_001}, 413),
    ],
)
def test_wrong_progress_is_refused_and_changes_nothing(server: Server, signed_in: dict[str, str], body: Any, status: int) -> None:
    before = server.ask("GET", "/course/progress", **signed_in).text
    answer = server.ask("PUT", "/course/progress", body, **signed_in)
    assert answer.status == status
    assert json.loads(answer.text)["message"]
    assert server.ask("GET", "/course/progress", **signed_in).text == before


def test_another_site_cannot_write_progress(server: Server, signed_in: dict[str, str]) -> None:
    body = {"schema": 1, "steps": {"lab/forged": {"passed_at": 1}}}
    without_header = {"Cookie": signed_in["Cookie"]}
    assert server.ask("PUT", "/course/progress", body, **without_header).status == 403
    assert server.ask("PUT", "/course/progress", body, **signed_in, Origin="https://evil.example").status in {403, 404}
    assert "forged" not in server.ask("GET", "/course/progress", **signed_in).text


def test_files_have_the_right_type_and_are_kept_as_long_as_they_may(server: Server) -> None:
    kinds = {name: server.ask("GET", f"/{name}").headers["Content-Type"] for name in ("module.mjs", "pyodide.wasm")}
    assert kinds == {"module.mjs": "text/javascript; charset=utf-8", "pyodide.wasm": "application/wasm"}
    assert "immutable" in server.ask("GET", "/app.0123456789ab.js").headers["Cache-Control"]
    page = server.ask("GET", "/index.html")
    assert page.headers["Cache-Control"] == "no-cache"
    assert server.ask("GET", "/index.html", If_None_Match=page.headers["ETag"]).status == 304


def test_a_compressed_twin_is_sent_only_to_who_takes_it(server: Server) -> None:
    plain = server.ask("GET", "/app.0123456789ab.js", Accept_Encoding="gzip")
    small = server.ask("GET", "/app.0123456789ab.js", Accept_Encoding="gzip, br")
    refused = server.ask("GET", "/app.0123456789ab.js", Accept_Encoding="gzip, br;q=0")
    assert (plain.headers["Content-Encoding"], plain.text) == (None, "plain()")
    assert refused.headers["Content-Encoding"] is None
    assert small.headers["Content-Encoding"] == "br"
    assert small.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert small.headers["ETag"] != plain.headers["ETag"]


def test_a_book_that_is_built_anew_is_served_anew(server: Server, tmp_path_factory: pytest.TempPathFactory) -> None:
    book = next(Path(word) for word in server.process.args if str(word).endswith("html"))  # type: ignore[union-attr]
    (book / "page.html").write_text("old")
    tag = server.ask("GET", "/page.html").headers["ETag"]
    (book / "page.html").write_text("new!")
    answer = server.ask("GET", "/page.html", If_None_Match=tag)
    assert (answer.status, answer.text) == (200, "new!")


def test_a_page_opens_as_a_notebook_whose_words_are_plain(server: Server, signed_in: dict[str, str]) -> None:
    assert json.loads(server.ask("GET", "/course-server.json", **signed_in).text)["notebook"] == "/course/notebook/"
    answer = server.ask("GET", "/course/notebook/events/function-url", **signed_in)
    assert (answer.status, answer.getheader("Location")) == (302, "/lab/tree/pages/events/function-url.ipynb")
    opened = server.ask("GET", "/api/contents/pages/events/function-url.ipynb", **signed_in).text
    assert "both permissions" in opened
    assert "{fact}" not in opened


@pytest.mark.parametrize("page", ["events/none", "reference/facts", "../labs/function-url/lab", "index/../index"])
def test_what_is_no_page_with_cells_does_not_open(server: Server, signed_in: dict[str, str], page: str) -> None:
    assert server.ask("GET", f"/course/notebook/{page}", **signed_in).status == 404


def test_the_labs_are_there_as_notebooks(server: Server, signed_in: dict[str, str]) -> None:
    labs = server.status()["labs"]
    assert "function-url" in {lab["slug"] for lab in labs}
    listed = json.loads(server.ask("GET", "/api/contents/function-url", **signed_in).text)
    assert "lab.ipynb" in {entry["name"] for entry in listed["content"]}


def run_in_kernel(server: Server, code: str, kernel_id: str = "") -> str:
    kernel_id = kernel_id or json.loads(server.ask("POST", "/api/kernels", {}, token=True).text)["id"]
    address = f"ws://{server.host}/api/kernels/{kernel_id}/channels"
    with contextlib.closing(
        websocket.create_connection(address, header=[f"Authorization: token {server.token}"], timeout=60)
    ) as socket:
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "execute_request", "username": "", "session": number, "version": "5.3"}
        content = {"code": code, "silent": False}
        socket.send(json.dumps({"header": header, "parent_header": {}, "metadata": {}, "channel": "shell", "content": content}))
        while True:
            message = json.loads(socket.recv())
            if message["parent_header"].get("msg_id") == number:
                if message["msg_type"] == "stream":
                    return str(message["content"]["text"])
                assert message["msg_type"] != "error", message["content"]


def test_a_notebook_finds_the_account_and_our_packages(server: Server) -> None:
    code = (
        "import boto3, os, courseware.lab_session\n"
        "account = boto3.client('sts').get_caller_identity()['Account']\n"
        "print(account, os.environ['AWS_ENDPOINT_URL'], 'COURSE_CONTROL_URL' in os.environ)"
    )
    said = run_in_kernel(server, code)
    assert said.split() == ["123456789012", server.account_until(lambda a: a["running"])["endpoint_url"], "True"]


def test_there_is_one_kernel_to_choose_and_it_says_what_to_do_about_errors(server: Server) -> None:
    assert list(json.loads(server.ask("GET", "/api/kernelspecs", token=True).text)["kernelspecs"]) == ["python3"]
    said = run_in_kernel(server, "print(get_ipython().extension_manager.loaded, get_ipython().ipython_dir)")
    assert "courseware.kernel" in said
    assert "/state/jupyter/ipython" in said  # the learner's own start-up files are not the course's


def test_an_account_that_dies_is_replaced_at_the_same_address(server: Server) -> None:
    before = server.account_until(lambda a: a["running"])
    notebook = {"path": "x.ipynb", "name": "x", "type": "notebook", "kernel": {"name": "python3"}}
    kernel_id = json.loads(server.ask("POST", "/api/sessions", notebook, token=True).text)["kernel"]["id"]
    (account,) = [p for p in psutil.Process(server.process.pid).children() if "account" in p.cmdline()]
    account.kill()
    after = server.account_until(lambda a: a["running"] and a["restarts"] == before["restarts"] + 1)
    assert after["endpoint_url"] == before["endpoint_url"]
    assert server.ask("POST", f"/api/kernels/{kernel_id}/restart", {}, token=True).status == 200
    code = "import boto3\nprint(boto3.client('sts').get_caller_identity()['Account'])"
    assert run_in_kernel(server, code, kernel_id).strip() == "123456789012"  # an open notebook goes on with the new one's keys


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_ends_neither_account_nor_kernel_is_left(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as server:
        run_in_kernel(server, "print(1)")
        children = psutil.Process(server.process.pid).children(recursive=True)
        assert len(children) >= 2
        server.process.send_signal(number)
        server.process.wait(timeout=30)
        _, alive = psutil.wait_procs(children, timeout=20)
        assert [process.cmdline() for process in alive] == []
        assert server.process.returncode in {0, -number}
