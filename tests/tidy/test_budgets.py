"""Sizes that keep a file and a function readable in one go (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("sandbox", "autograder", "courseware", "benchmarks", "tests")
FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60


def sources(pattern: str, *folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob(pattern)]
    return [path for path in found if not {"node_modules", "_build", "__pycache__", "recorded"} & set(path.parts)]


def test_no_file_is_longer_than_the_hard_limit() -> None:
    files = [*sources("*.py", *PACKAGES), *sources("*.js", "courseware"), *sources("*.mjs", "courseware", "tests")]
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in files
        if (lines := len(path.read_text("utf-8").splitlines())) > FILE_LINES_MAX
    }
    assert len(files) > 50
    assert too_long == {}


def test_no_function_is_longer_than_the_hard_limit() -> None:
    too_long = {}
    for path in sources("*.py", *PACKAGES):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    too_long[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = lines
    assert too_long == {}
