"""Make and repair the course's environments from hash-locked files. Standard library only: it runs before anything is installed.

``./course`` calls it for ``.venv``; ``./course test`` for the ones that cannot share it (``.venv-tools``). An environment is
whole when it holds a copy of the lock it was made from; that copy is written last, so a start that was killed is repaired
by the next one, and a lock file makes a second start wait for the first.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Report = Callable[[str], None]

STAMP = "installed-lock.txt"
PLACE = "installed-at"
PYTHON_MINIMUM = (3, 11)


class BootstrapError(Exception):
    """Installation failed; the text says how to mend it."""


def ensure(root: Path, name: str = ".venv", lock: str = "requirements/lock.txt", report: Report | None = None) -> Path:
    """Bring ``root/name`` to what ``lock`` says and return its ``bin`` folder; instant when it already is."""
    venv = root / name
    if not is_whole(root, venv, root / lock):
        with _only_one(root / ".course" / f"{name.lstrip('.')}.lock", report or _say):
            if not is_whole(root, venv, root / lock):
                _install(root, venv, root / lock, report or _say)
    return venv / "bin"


def is_whole(root: Path, venv: Path, lock: Path) -> bool:
    """True when the environment was made from this very lock, for this very place."""
    try:
        same_lock = (venv / STAMP).read_bytes() == lock.read_bytes()
        return same_lock and (venv / PLACE).read_text("utf-8").strip() == str(root) and (venv / "bin" / "python").exists()
    except OSError:
        return False


def _install(root: Path, venv: Path, lock: Path, report: Report) -> None:
    started = time.monotonic()
    (venv / STAMP).unlink(missing_ok=True)
    python = _make(root, venv, report)
    packages = sum(line[0].isalnum() for line in lock.read_text("utf-8").splitlines() if line)
    report(f"installing {packages} packages from {lock.relative_to(root)} into {venv.name} (first start: a minute or two)")
    if not _sync_with_uv(root, python, lock, report):
        report("uv is not to be had here; installing with pip, which takes a few minutes")
        _run([str(python), "-m", "pip", "install", "-qq", "--require-hashes", "--no-deps", "-r", str(lock)], root)
    site = _output([str(python), "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"])
    Path(site, "lambda_course.pth").write_text(f"{root}\n", "utf-8")
    (venv / PLACE).write_text(f"{root}\n", "utf-8")
    _replace(venv / STAMP, lock.read_bytes())
    report(f"{venv.name} is ready after {time.monotonic() - started:.0f} s")


def _make(root: Path, venv: Path, report: Report) -> Path:
    """A virtual environment that works, for this place: an older one is kept if it does, else made anew."""
    python = venv / "bin" / "python"
    place = venv / PLACE
    if not (python.exists() and _works(python) and (not place.exists() or place.read_text("utf-8").strip() == str(root))):
        report(f"making {venv.name} with {_name(sys.executable)}")
        shutil.rmtree(venv, ignore_errors=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise BootstrapError(
                f"{sys.executable} could not make a virtual environment: {_last_line(made.stdout + made.stderr)}\n"
                "on Debian and Ubuntu: apt install python3-venv; elsewhere: is the disk full, the folder writable?"
            )
    return python


def _works(python: Path) -> bool:
    probe = f"import pip, sys; sys.exit(sys.version_info < {PYTHON_MINIMUM})"
    try:
        return subprocess.run([str(python), "-c", probe], capture_output=True, check=False).returncode == 0
    except OSError:  # half a file, or a program for another machine
        return False


def _sync_with_uv(root: Path, python: Path, lock: Path, report: Report) -> bool:
    uv = python.parent / "uv"
    if not uv.exists() and lock.name != "lock.txt" and (root / ".venv" / "bin" / "uv").exists():
        uv = root / ".venv" / "bin" / "uv"
    if not uv.exists():
        command = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        got = subprocess.run([*command, "-r", str(root / "requirements" / "uv.txt")], capture_output=True, check=False)
        if got.returncode != 0:
            return False
    # Every index is as good as another here: only bytes with a hash from the lock are taken.
    # Compiled now, as pip does: half the course is short-lived processes, and each would compile what it imports by itself
    # where it may not write beside the sources.
    options = ["--require-hashes", "--index-strategy", "unsafe-best-match", "--no-progress", "--compile-bytecode"]
    try:
        _run([str(uv), "pip", "sync", "--quiet", "--python", str(python), *options, str(lock)], root, pip_settings(python))
    except BootstrapError as error:
        report(_last_line(str(error)))
        return False
    return True


def pip_settings(python: Path) -> dict[str, str]:
    """``os.environ`` with pip's settings in uv's words: a mirror or a company certificate is often named only there."""
    listed = subprocess.run([str(python), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    settings = dict(os.environ)
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        variable = names.get(key.rpartition(".")[2])
        if variable and variable not in settings:
            words = " ".join(value.strip().strip("'\"").replace("\\n", " ").split())
            settings[variable] = ",".join(words.split()) if variable == "UV_FIND_LINKS" else words
    return settings


@contextlib.contextmanager
def _only_one(path: Path, report: Report) -> Iterator[None]:
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as handle:
        # Inherited by pip and uv: if this process is killed, the lock stays held until the orphan has finished.
        os.set_inheritable(handle.fileno(), True)  # noqa: FBT003 - positional only
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("another start is installing; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _run(command: Sequence[str], root: Path, environment: dict[str, str] | None = None) -> None:
    """Run with its progress on our standard error, in a group of its own so that Ctrl-C leaves nothing behind."""
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdout=sys.stderr, stderr=sys.stderr, start_new_session=True, close_fds=False
    )
    try:
        status = process.wait()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise
    if status != 0:
        raise BootstrapError(f"{_name(command[0])} failed (exit {status}): is there a network, and space on the disk?")


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_bytes(content)
    temporary.replace(path)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no output"])[-1]


def _name(path: str) -> str:
    return Path(path).name


def _say(text: str) -> None:
    print(f"course: {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Called by the launcher with the course's folder."""

    def stop(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, stop)
    try:
        ensure(Path(sys.argv[1]))
    except KeyboardInterrupt:
        _say("stopped; the next start goes on from here")
        return 130
    except (BootstrapError, OSError) as error:
        _say(str(error))
        _say("mend that and start again; nothing else needs undoing")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
