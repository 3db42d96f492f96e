"""``./course lock``: resolve pyproject.toml anew into the hash-locked files of ``requirements/``."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from courseware.bootstrap import pip_settings
from courseware.errors import ToolError
from courseware.place import course_root

EXAMPLES = """examples:
  ./course lock              after a change of pyproject.toml: write requirements/*.txt, keeping versions where it can
  ./course lock --upgrade    take the newest versions that pyproject.toml allows
"""

_HEADER = "# The installer itself, from the same lines as lock.txt (a test compares them).\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course lock``."""
    parser.add_argument("--upgrade", action="store_true", help="do not keep the versions that are locked now")


def run(args: argparse.Namespace) -> int:
    """Needs the network."""
    folder = course_root() / "requirements"
    more = ["--upgrade"] if args.upgrade else []
    _compile([str(course_root() / "pyproject.toml"), "--extra", "test", *more], folder / "lock.txt")
    for source in sorted(folder.glob("*.in")):
        _compile([str(source), *more], source.with_suffix(".txt"))
    (folder / "uv.txt").write_text(_HEADER + _entry((folder / "lock.txt").read_text("utf-8"), "uv"), "utf-8")
    return 0


def _compile(arguments: list[str], target: Path) -> None:
    uv = Path(sys.executable).parent / "uv"
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--quiet", "--no-emit-index-url"]
    options += ["--no-emit-find-links", "--index-strategy", "unsafe-best-match"]  # as pip does
    command = [str(uv), "pip", "compile", *arguments, *options, "--custom-compile-command", "./course lock", "-o", str(target)]
    print(f"course: writing {target.name}", file=sys.stderr)
    if subprocess.run(command, env=pip_settings(Path(sys.executable)), cwd=course_root(), check=False).returncode:
        raise ToolError(f"{target.name} could not be resolved; uv says why above")


def _entry(lock: str, package: str) -> str:
    """The lines of one package: its version and its hashes."""
    lines = lock.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{package}=="))
    end = next(number for number, line in enumerate(lines) if number > start and not line.startswith("    --hash"))
    return "".join(lines[start:end]).rstrip("\\ \n") + "\n"
