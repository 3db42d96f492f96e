"""What linters say about a submission: hints for its author, worth no points. They run in processes of their own.

cfn-lint with the serverless rules reads the template, ruff the code. Neither executes anything of a submission. What they say is
bounded, and a linter that breaks, takes more than a minute or more than two gigabytes says nothing.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from autograder.source_tree import SourceTree

FINDINGS_MAX = 40
TEXT_CHARS_MAX = 300
SECONDS_MAX = 60.0
_TEMPLATES = ("template.yaml", "template.yml", "template.json")
_RUFF = "E9,F,B,BLE,S1,S3,S6,TRY002,TRY201,TRY400,LOG,PLE"
_BYTES_MAX = 2 << 30  # of address space: a small template can make a linter build a large one
_BOUNDED = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({_BYTES_MAX}, {_BYTES_MAX})); "
_CFN_LINT = ["-c", f"{_BOUNDED}from cfnlint.runner import main; main()", "--format", "json"]
_SERVERLESS = ["--append-rules", "cfn_lint_serverless.rules", "--ignore-checks", "W3002", "--"]  # W3002: local code is packaged
_RUFF_ARGUMENTS = ["-m", "ruff", "check", "--isolated", "--no-cache", "--exit-zero", "--output-format", "json", "--select", _RUFF]


def findings(tree: SourceTree) -> tuple[str, ...]:
    """Lines such as ``src/app.py:12: E722 Do not use bare except``, sorted by file and line."""
    with tempfile.TemporaryDirectory(prefix="lint-") as scratch:
        folder = Path(scratch)
        for name, data in tree.files.items():
            if name in _TEMPLATES or name.endswith(".py"):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        rows = [row for name in _TEMPLATES if name in tree.files for row in _template(folder, name)]
        rows += _code(folder)
    told = [f"{name}:{line}: {code} {text[:TEXT_CHARS_MAX]}" for name, line, code, text in sorted(set(rows))]
    return tuple(told[:FINDINGS_MAX])


def _template(folder: Path, name: str) -> list[tuple[str, int, str, str]]:
    rows = _run([*_CFN_LINT, *_SERVERLESS, name], folder)
    return [(name, row["Location"]["Start"]["LineNumber"], row["Rule"]["Id"], row["Message"]) for row in rows]


def _code(folder: Path) -> list[tuple[str, int, str, str]]:
    if importlib.util.find_spec("ruff") is None:
        return []
    rows = _run([*_RUFF_ARGUMENTS, "."], folder)
    root = folder.resolve()
    return [
        (
            Path(row["filename"]).resolve().relative_to(root).as_posix(),
            row["location"]["row"],
            row["code"] or "syntax",
            row["message"],
        )
        for row in rows
    ]


def _run(arguments: list[str], folder: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-I", *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)  # noqa: S603
        rows = json.loads(done.stdout or "[]")
    except (subprocess.TimeoutExpired, ValueError):
        return []
    return rows if isinstance(rows, list) else []
