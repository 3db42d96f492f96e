"""``./course doctor``: what this machine can do, what is missing, and how to mend it."""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from courseware.accounts import running
from courseware.bootstrap import is_whole
from courseware.errors import LearnerError
from courseware.machine import find_chromium, port_is_free
from courseware.node import find_node
from courseware.place import course_root, state_folder

EXAMPLES = """examples:
  ./course doctor           look at everything; exit code 1 when something that is needed is missing
  ./course doctor --json    the same for programs
"""

_DISK_FREE_GB_MIN = 1.0
_SIGNS = {"ok": "✔", "without": "-", "missing": "✘"}


@dataclass(frozen=True, slots=True)
class Finding:
    """``state``: ``ok``, ``without`` (works, but something is left out) or ``missing`` (has to be mended)."""

    what: str
    state: str
    detail: str
    mend: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course doctor``."""
    parser.add_argument("--json", action="store_true", help="print a JSON array of findings")


def run(args: argparse.Namespace) -> int:
    """Look and tell."""
    findings = list(examine())
    if args.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        for finding in findings:
            print(f"{_SIGNS[finding.state]} {finding.what:<20} {finding.detail}")
            if finding.mend:
                print(f"  {'':<20} mend: {finding.mend}")
    return 1 if any(finding.state == "missing" for finding in findings) else 0


def examine() -> Iterator[Finding]:
    """Everything, cheapest first."""
    yield Finding("Python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()} ({sys.executable})")
    yield _environment()
    yield _tools()
    yield _node()
    yield _chromium()
    yield _isolation()
    yield _port()
    yield _disk()
    yield _state()
    yield _book()
    accounts = running() if _state().state == "ok" else []
    yield Finding("accounts running", "ok", ", ".join(account.endpoint_url for account in accounts) or "none")


def _environment() -> Finding:
    root = course_root()
    if is_whole(root, root / ".venv", root / "requirements" / "lock.txt"):
        return Finding("environment", "ok", ".venv is what requirements/lock.txt says")
    return Finding("environment", "missing", ".venv differs from requirements/lock.txt", "start any command with ./course")


def _tools() -> Finding:
    root = course_root()
    if is_whole(root, root / ".venv-tools", root / "requirements" / "tools.txt"):
        return Finding("AWS CLI for tests", "ok", ".venv-tools is what requirements/tools.txt says")
    other = shutil.which("aws")
    detail = f"{other} is there for you; `./course test` installs one of its own" if other else "installed by `./course test`"
    return Finding("AWS CLI for tests", "ok", detail)


def _node() -> Finding:
    try:
        node = find_node()
    except LearnerError as error:
        return Finding("Node.js", "missing", "not found", str(error))
    return Finding("Node.js", "ok", f"{node.version} ({node.origin}: {node.path})")


def _chromium() -> Finding:
    found = find_chromium()
    if found:
        return Finding("Chromium", "ok", str(found))
    mend = "apt install chromium, or any Chrome, or COURSE_CHROMIUM=/path/to/it"
    return Finding("Chromium", "without", "not found: `./course test` leaves the browser tests out, and counts them", mend)


def _isolation() -> Finding:
    """bubblewrap is tried, not only looked for: kernels and containers often forbid what it needs."""
    bwrap = shutil.which("bwrap")
    mend = "apt install bubblewrap; in a container, allow user namespaces"
    if not bwrap:
        return Finding("isolation", "without", "no bubblewrap; grading untrusted code falls back to weaker means", mend)
    command = [bwrap, "--ro-bind", "/", "/", "--dev", "/dev", "--unshare-all", "--die-with-parent", "true"]
    tried = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    if tried.returncode == 0:
        return Finding("isolation", "ok", f"bubblewrap works ({bwrap})")
    said = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
    return Finding("isolation", "without", f"bubblewrap is there but does not work here: {said}", mend)


def _port() -> Finding:
    if port_is_free(8888):
        return Finding("port 8888", "ok", "free for `./course up`")
    return Finding("port 8888", "without", "in use; `./course up` takes the next free one", "./course up --port N to choose one")


def _disk() -> Finding:
    free_gb = shutil.disk_usage(course_root()).free / 1e9
    if free_gb >= _DISK_FREE_GB_MIN:
        return Finding("disk", "ok", f"{free_gb:.0f} GB free")
    return Finding(
        "disk", "missing", f"{free_gb:.1f} GB free", f"free {_DISK_FREE_GB_MIN:g} GB: builds and functions write files"
    )


def _state() -> Finding:
    try:
        return Finding("learner's folder", "ok", str(state_folder()))
    except LearnerError as error:
        return Finding("learner's folder", "missing", "cannot be written", str(error))


def _book() -> Finding:
    if (course_root() / "book" / "_build" / "html" / "index.html").exists():
        return Finding("book", "ok", "built; `./course up` builds what changed")
    return Finding("book", "ok", "not built yet; `./course up` builds it (a minute)")
