"""The gradebook on a real PostgreSQL server, started here as a user who is not root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.gradebook.export import read_marks
from autograder.gradebook.settings import configure, database_url

SLUG = "thumbnails"


def program(name: str) -> str:
    """Debian keeps the server's programs out of the path."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *map(Path, os.get_exec_path())]
    found = next((place / name for place in places if (place / name).is_file()), None)
    assert found is not None, f"{name} is missing: apt install postgresql (.ci/run does), and run this test again"
    return str(found)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:  # short: a socket's path has 107 bytes at most
        user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if user is not None:
            os.chown(name, user.pw_uid, user.pw_gid)
        as_user: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}

        def run(*command: str) -> None:
            environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": name}
            with Path(name, "said").open("w") as said:
                done = subprocess.run(
                    command, env=environment, cwd=name, stdout=said, stderr=said, stdin=subprocess.DEVNULL, check=False, **as_user
                )
            assert done.returncode == 0, Path(name, "said").read_text()

        data, options = f"{name}/data", f"-c listen_addresses='' -c unix_socket_directories={name} -c fsync=off"
        run(program("initdb"), "-D", data, "-U", "assessor", "--auth=trust", "--encoding=UTF8", "--no-sync")
        run(program("pg_ctl"), "-D", data, "-w", "-l", f"{name}/log", "-o", options, "start")
        try:
            run(program("createdb"), "-h", name, "-U", "assessor", "gradebook")
            yield f"postgresql+psycopg://assessor@/gradebook?host={name}"
        finally:
            run(program("pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")


def test_a_class_is_kept_in_postgresql(
    server: str, course: Path, monkeypatch: pytest.MonkeyPatch, solved: Any, submit: Any, scores: Any
) -> None:
    monkeypatch.setenv("COURSE_GRADEBOOK_URL", server)
    shutil.rmtree(course / "release")
    (course / "gradebook.db").unlink()
    settings = Config()
    configure(settings, course)
    settings.TakeReport.judge = "reading_judge:open_judge"
    api = NbGraderAPI(CourseDirectory(config=settings), config=settings)
    assert api.generate_assignment(SLUG)["success"]
    for learner, points in (("ada", 9), ("zoe-1", 1), ("ada", 4)):
        submit(learner, solved(f"# points: {points} ⚙"))
        assert api.autograde(SLUG, learner)["success"]
    assert scores("ada")["criterion-function"] == (4, None, False)
    assert api.generate_feedback(SLUG, "ada")["success"]
    assert [(mark.learner, mark.score, mark.waits) for mark in read_marks(database_url(course))] == [
        ("ada", 4, True),
        ("zoe-1", 1, True),
    ]
    assert not (course / "gradebook.db").exists()
