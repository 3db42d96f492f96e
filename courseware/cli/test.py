"""``./course test``: style, types, layers, prose and every test, with a count of each."""

from __future__ import annotations

import argparse
import compileall
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from courseware.bootstrap import BootstrapError, ensure
from courseware.machine import find_chromium
from courseware.place import course_root

EXAMPLES = """examples:
  ./course test                          everything (minutes)
  ./course test --fast                   leave out the browser, content and whole-course tests
  ./course test -k policy                only tests with `policy` in their name, no style checks
  ./course test tests/sandbox/iam -x     a folder; what ./course does not know goes to pytest
"""

_PROSE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "book", "labs")
_NO_PROSE = "*/_build,*/assets,*/figures,*/extra,*.js,*.svg"
_SLOW = ("tests/browser", "tests/content")
_ENVIRONMENTS = (
    (".venv-tools", "requirements/tools.txt"),
    (".venv-sam", "requirements/sam.txt"),
    (".venv-peers", "requirements/peers.txt"),
    (".venv-sphinx9", "requirements/sphinx9.txt"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course test``."""
    parser.add_argument(
        "--fast", action="store_true", help=f"without {' and '.join(_SLOW)}, and nothing installed or built for them"
    )
    parser.add_argument("-k", metavar="EXPRESSION", help="only the tests pytest selects by this")
    parser.add_argument("-n", metavar="N", default=None, help="how many processes (default: two a core, four at most)")
    parser.add_argument("--where-time-goes", action="store_true", help="at the end, which files took most processor time")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, help="folders, files and options for pytest")


def run(args: argparse.Namespace) -> int:
    """Static checks first, pytest last, so that its summary is the last thing on the screen."""
    root = course_root()
    chosen = bool(args.k or args.pytest)
    failed = [] if chosen else [name for name, command in _static(root) if not _check(name, command, root)]
    environment = dict(os.environ) | {"COURSE_ROOT": str(root)}
    path = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    if not args.fast:
        path += [str(folder) for folder in _prepare(root)]
    environment["PATH"] = os.pathsep.join(path)
    if find_chromium() is None and not args.fast:
        _say("no Chromium here: the browser tests say so and are counted as skipped (`./course doctor` tells how to mend that)")
    _compile(root)
    status = _run([sys.executable, "-m", "pytest", *_pytest_arguments(args)], root, environment)
    if failed:
        _say(f"failed besides pytest: {', '.join(failed)}")
    return 1 if failed or status else 0


def _static(root: Path) -> Iterator[tuple[str, Sequence[str]]]:
    yield "style (ruff check)", ("ruff", "check", ".")
    yield "layout (ruff format)", ("ruff", "format", "--check", ".")
    yield "types (mypy)", ("mypy",)
    yield "layers (import-linter)", ("lint-imports",)
    yield "spelling (codespell)", ("codespell", f"--skip={_NO_PROSE}", *(name for name in _PROSE if (root / name).exists()))


def _check(name: str, command: Sequence[str], root: Path) -> bool:
    """Quiet when it passes, whole when it does not."""
    started = time.monotonic()
    program = Path(sys.executable).parent / command[0]
    result = subprocess.run([str(program), *command[1:]], cwd=root, capture_output=True, text=True, check=False)
    said = (result.stdout + result.stderr).strip()
    passed = result.returncode == 0
    last = said.splitlines()[-1] if said and passed else ""
    print(f"{'✔' if passed else '✘'} {name:<24} {time.monotonic() - started:5.1f} s  {last}", flush=True)
    if not passed:
        print(said, flush=True)
    return passed


def _prepare(root: Path) -> Iterator[Path]:
    """Environments and builds that tests look for. What cannot be had (no network) is named, and the tests say what they miss."""
    for name, lock in _ENVIRONMENTS:
        if (root / lock).exists():
            try:
                yield ensure(root, name, lock)
            except BootstrapError as error:
                _say(f"{name}: {error}")
    _build(root, _say)


def _compile(root: Path) -> None:
    """The course's own modules, once: tests start some thousand processes, and ``PYTHONDONTWRITEBYTECODE`` may be set here."""
    for room in ("sandbox", "autograder", "courseware"):
        compileall.compile_dir(root / room, quiet=2, rx=re.compile("node_modules"), workers=0)


def _build(root: Path, report: Callable[[str], None]) -> None:
    # Imported here: --fast and --help need none of it.
    from courseware.web.book import build_book  # noqa: PLC0415

    build_book(root, report)


def _pytest_arguments(args: argparse.Namespace) -> list[str]:
    # Two a core: three quarters of a worker's time is waiting for accounts, functions and browsers, which are other processes.
    count = args.n if args.n is not None else str(min(4, 2 * (os.cpu_count() or 1)))
    parallel = ["-n", count, "--dist", "loadfile"] if count not in {"0", "1"} else []
    chosen = ["-k", args.k] if args.k else []
    left_out = [f"--ignore={folder}" for folder in _SLOW] if args.fast else []
    measured = ["--where-time-goes"] if args.where_time_goes else []
    return [*parallel, *chosen, *left_out, *measured, *args.pytest]


def _run(command: Sequence[str], root: Path, environment: Mapping[str, str]) -> int:
    """In a process group of its own: Ctrl-C stops pytest and whatever its tests have started."""
    process = subprocess.Popen(command, cwd=root, env=environment, start_new_session=True)
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _say(text: str) -> None:
    print(f"course: {text}", file=sys.stderr, flush=True)
