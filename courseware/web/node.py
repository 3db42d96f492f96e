"""Runs the front end's own scripts with Node and says what went wrong in one message."""

from __future__ import annotations

import subprocess
from pathlib import Path

from courseware.errors import ToolError
from courseware.node import find_node, node_environment, npm_command

_WORDS_MAX = 2000


def run_node(*arguments: str | Path, cwd: Path) -> str:
    """Run a script and give back its output; a ToolError carries the script's own last words."""
    return _run([str(find_node().path), *map(str, arguments)], cwd)


def run_npm(*arguments: str, cwd: Path) -> str:
    return _run([*npm_command(), *arguments], cwd)


def _run(command: list[str], cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, env=node_environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = (done.stderr.strip() or done.stdout.strip())[-_WORDS_MAX:]
        named = " ".join(Path(part).name for part in command[:3])
        raise ToolError(f"`{named} …` failed:\n{words}")
    return done.stdout
