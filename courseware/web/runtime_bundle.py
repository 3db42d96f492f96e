"""The Python that a page runs: interpreter, standard library, AWS client and services, and this project, as three archives.

Everything comes from npm's ``pyodide`` and from our own environment; nothing is fetched. The archives lie in folders named after
their content, so that a browser may keep them for ever and an edit of the course's code does not make it fetch the rest again.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from courseware.web.fingerprint import files_below
from courseware.web.node import run_node
from courseware.web.third_party import stage_third_party

# What a page's Python never imports: tools, servers, other platforms.
_STDLIB_DROPPED = [
    "_pyrepl",
    "pdb.py",
    "doctest.py",
    "xmlrpc",
    "wsgiref",
    "mailbox.py",
    "imaplib.py",
    "smtplib.py",
    "ftplib.py",
    "poplib.py",
    "_ios_support.py",
    "_android_support.py",
    "_osx_support.py",
    "pickletools.py",
    "pstats.py",
    "profile",
    "cProfile.py",
    "profiling",
    "trace.py",
    "tracemalloc.py",
    "webbrowser.py",
    "ensurepip",
    "venv",
    "zipapp.py",
    "antigravity.py",
    "this.py",
    "idlelib",
    "tkinter",
    "turtledemo",
    "turtle.py",
    "lib2to3",
    "pydoc_data",
    "_pyio.py",
    "optparse.py",
    "nturl2path.py",
]

# Code pages of machines that no function meets; cp437 stays, for zip archives name their files in it.
_OLD_ENCODINGS = re.compile(r"encodings/(mac_|cp(037|10|11|273|424|500|7|8)|hp_roman8|palmos|ptcp154|kz1048|koi8_t)")

# What this project's page side is made of; tests of the account run on the same archive.
OURS = (
    "sandbox",
    "autograder/__init__.py",
    "autograder/checks",
    "autograder/cost.py",
    "autograder/errors.py",
    "autograder/lab.py",
    "autograder/plain.py",
    "autograder/toml_key.py",
    "courseware/__init__.py",
    "courseware/account_ended.py",
    "courseware/errors.py",
    "courseware/lab_session.py",
    "courseware/live",
    "courseware/long_sleeps.py",
    "courseware/panel.py",
    "labs",
)

# What a page never asks for. Sockets and child processes it has not got; a lab's text is the page itself, and what is tried on
# the checks is no reader's business.
_NOT_IN_A_PAGE = (
    "sandbox/account/local.py",
    "sandbox/account/native.py",
    "sandbox/account/serving.py",
    "sandbox/control/server.py",
    "sandbox/front_door/connection.py",
    "sandbox/front_door/server.py",
    "sandbox/runtime/process*.py",
    "sandbox/worker/keeper.py",
    "sandbox/worker/landlock.py",
    "sandbox/worker/private_root.py",
    "sandbox/worker/seal.py",
    "sandbox/worker/syscalls.py",
    "sandbox/worker/zygote.py",
    "labs/*/lab.md",
    "labs/*/faulty/*",
    "labs/*/solution/*",
)

KINDS = ("foundation", "ours")


@dataclass(frozen=True, slots=True)
class Archive:
    """One file the page fetches: ``path`` relative to the static folder, ``size_bytes`` as transferred."""

    path: str
    size_bytes: int


def write_foundation(web: Path, assets: Path) -> None:
    """Interpreter, standard library and third-party packages, into ``rt-<hash>``."""
    pyodide = web / "node_modules" / "pyodide"
    with tempfile.TemporaryDirectory(prefix="course-runtime-") as scratch_name:
        scratch = Path(scratch_name)
        out = scratch / "out"
        out.mkdir()
        shutil.copyfile(pyodide / "pyodide.asm.mjs", out / "pyodide.asm.mjs")
        (out / "wasm.bin").write_bytes(gzip.compress((pyodide / "pyodide.asm.wasm").read_bytes(), 9, mtime=0))
        _stage_stdlib(pyodide / "python_stdlib.zip", scratch / "stdlib")
        run_node(web / "pack.mjs", scratch / "stdlib", out / "stdlib.bin", "--bare", cwd=web)
        stage_third_party(scratch / "site")
        run_node(web / "pack.mjs", scratch / "site", out / "site.bin", "--bare", cwd=web)
        _publish(out, assets, "foundation")


def write_ours(root: Path, web: Path, assets: Path) -> None:
    """This project's own packages and labs, into another ``rt-<hash>``."""
    with tempfile.TemporaryDirectory(prefix="course-runtime-") as scratch_name:
        scratch = Path(scratch_name)
        out = scratch / "out"
        out.mkdir()
        for name in OURS:
            for file in files_below(root / name):
                if not in_a_page(file.relative_to(root).as_posix()):
                    continue
                place = scratch / "ours" / file.relative_to(root)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, place)
        run_node(web / "pack.mjs", scratch / "ours", out / "course.bin", cwd=web)
        _publish(out, assets, "ours")


def in_a_page(name: str) -> bool:
    """Whether a file of this project, named relative to the root, comes along."""
    return not any(fnmatch(name, pattern) for pattern in _NOT_IN_A_PAGE)


def archives(assets: Path) -> dict[str, Archive]:
    """What was published, by file name (``wasm.bin``, ``stdlib.bin``, ``site.bin``, ``course.bin``, ``pyodide.asm.mjs``)."""
    found: dict[str, Archive] = {}
    for kind in KINDS:
        folder = assets / (assets / f".{kind}").read_text("utf-8")
        for file in sorted(folder.iterdir()):
            found[file.name] = Archive(f"{folder.name}/{file.name}", file.stat().st_size)
    return found


def _stage_stdlib(archive: Path, target: Path) -> None:
    with zipfile.ZipFile(archive) as source:
        names = (name for name in source.namelist() if name.split("/")[0] not in _STDLIB_DROPPED)
        wanted = [name for name in names if not _OLD_ENCODINGS.match(name)]
        source.extractall(target, wanted)  # our own pinned archive


def _publish(out: Path, assets: Path, kind: str) -> None:
    digest = hashlib.sha256()
    for file in sorted(out.iterdir()):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    name = f"rt-{digest.hexdigest()[:12]}"
    assets.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(assets / name, ignore_errors=True)
    shutil.copytree(out, assets / name)
    (assets / f".{kind}").write_text(name, "utf-8")
    named = {(assets / f".{other}").read_text("utf-8") for other in KINDS if (assets / f".{other}").is_file()}
    for folder in assets.glob("rt-*"):
        if folder.name not in named:
            shutil.rmtree(folder)
