"""The self-test with real processes: it passes a box that holds and finds what a leaking one lets through."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

import autograder
from autograder.isolate import BACKENDS, choose
from autograder.isolate.bubblewrap import Bubblewrap
from autograder.isolate.landlock import Landlock
from autograder.isolate.self_test import why_not
from autograder.isolate.unsafe import Unsafe


def test_the_chosen_box_is_one_of_the_strong_on_this_machine():
    assert choose().name in ("bubblewrap", "unshare", "landlock")


def test_a_box_that_is_none_does_not_pass():
    reason = why_not(Unsafe())
    assert "reaches another service on loopback" in reason


@dataclass(frozen=True, slots=True)
class PathsOnly(Landlock):
    """Landlock's box without landlock."""

    def seal(self, port):
        return Landlock.seal(self, port) | {"landlock": False}


def test_a_filter_alone_does_not_pass():
    reason = why_not(PathsOnly())
    assert "reads a file of this machine" in reason
    assert "writes a file of this machine" in reason
    assert "may signal a process outside" in reason


@dataclass(frozen=True, slots=True)
class Missing(Bubblewrap):
    program: str = "no-such-program"


def test_a_program_that_is_not_installed_is_named():
    assert why_not(Missing()) == "no-such-program is not installed"


@dataclass(frozen=True, slots=True)
class Refused(Bubblewrap):
    program: str = "false"


def test_a_program_that_does_not_work_here_is_told_in_its_own_words():
    assert why_not(Refused()) == "exit status 1"


def _readable_interpreter():
    """One that a stranger to this user's home may run."""
    found = [sys._base_executable, f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"]
    return next(path for path in found if all(parent.stat().st_mode & 0o001 for parent in Path(path).resolve().parents))


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_box_holds_for_a_user_without_privileges(backend):
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    paths = [Path(autograder.__file__).parents[1], sysconfig.get_path("purelib")]
    ask = f"import os; from autograder.isolate.choice import failure; print(os.geteuid(), failure({backend!r}))"
    environment = {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*nobody, _readable_interpreter(), "-c", ask], env=environment, cwd="/", capture_output=True, text=True, check=False
    )
    assert done.stdout.split(maxsplit=1) == [str(65534 if nobody else os.geteuid())], done.stdout + done.stderr
