"""nbgrader's own grading pages on a real Jupyter Server, over HTTP and in a real Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from courseware.node import find_node

SLUG = "thumbnails"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TOKEN = "a-token-for-this-test"
HERE = Path(__file__).parent
ROOT = HERE.parents[2]
CONFIG = """
from pathlib import Path
from autograder.gradebook.settings import configure

c = get_config()
configure(c, Path(__file__).resolve().parent)
c.TakeReport.judge = "reading_judge:open_judge"
"""


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def formgrader(course: Path, tmp_path: Path) -> Iterator[Any]:
    (course / "nbgrader_config.py").write_text(CONFIG)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {name: str(tmp_path / "none") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    environment = os.environ | folders | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE)]), "JUPYTER_TOKEN": TOKEN}
    extensions = {"nbgrader.server_extensions.formgrader": True, "jupyterlab": False, "notebook": False, "jupyter_lsp": False}
    command = [sys.executable, "-W", "ignore", "-m", "jupyter_server", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", f"--ServerApp.jpserver_extensions={extensions}"]
    with subprocess.Popen(command, cwd=course, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = []
        for line in server.stderr:
            said.append(line)
            if f"127.0.0.1:{port}/" in line:
                break
        else:
            pytest.fail("".join(said))
        while not listening(port):  # it says so a moment before it does
            assert server.poll() is None
            os.sched_yield()

        def call(method: str, path: str) -> str:
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
            request.add_header("Authorization", f"token {TOKEN}")
            with urllib.request.urlopen(request) as answer:
                return str(answer.read().decode())

        call.site = f"http://127.0.0.1:{port}/"  # type: ignore[attr-defined]
        yield call
        server.terminate()
        server.communicate()


def driven(site: str, submission: str) -> Any:
    """What a real Chromium saw; it gave three points and a comment for the rubric."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if chromium is None:
        pytest.skip(f"no browser: none of {', '.join(CHROMIUM_NAMES)} is on PATH")
    command = [find_node().path, HERE / "formgrader.mjs", ROOT / "courseware/web", chromium, site, SLUG, TOKEN, submission]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_an_assessor_grades_and_reads_in_formgrader(
    formgrader: Any, course: Path, solved: Any, submit: Any, cell: Any, scores: Any
) -> None:
    hostile = solved("# points: 6 <script>alert(1)</script>")
    hostile["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "<script>alert(2)</script>"})
    cell(hostile, "file-README-md")["cell_type"] = "markdown"
    cell(hostile, "file-README-md")["source"] = "<script>alert(3)</script>"
    submit("ada", hostile)
    submit("bob", b"{")
    for learner in ("ada", "bob"):
        assert json.loads(formgrader("POST", f"/formgrader/api/submission/{SLUG}/{learner}/autograde"))["success"]
    listed = {one["student"]: one for one in json.loads(formgrader("GET", f"/formgrader/api/submissions/{SLUG}"))}
    assert {learner: (one["score"], one["needs_manual_grade"]) for learner, one in listed.items()} == {
        "ada": (6, True),
        "bob": (0, True),
    }
    found = json.loads(formgrader("GET", f"/formgrader/api/submitted_notebooks/{SLUG}/{SLUG}"))
    identity = next(one["id"] for one in found if one["student"] == "ada")
    page = formgrader("GET", f"/formgrader/submissions/{identity}/")
    assert "each with its reason" in page
    assert "uploaded a.png" in page
    assert "<script>alert(" not in page
    seen = driven(formgrader.site, identity)
    assert (seen["given"], "each with its reason" in seen["page"], "uploaded a.png" in seen["page"]) == ("6", True, True)
    assert seen["alerts"] == [], "no script of a learner ran"
    assert scores("ada")["rubric-design"] == (None, 3, False)
    assert json.loads(formgrader("POST", f"/formgrader/api/assignment/{SLUG}/ada/generate_feedback"))["success"]
    feedback = (course / "feedback" / "ada" / SLUG / f"{SLUG}.html").read_text()
    assert "Say why." in feedback
    assert "9 of 19 points" in feedback
