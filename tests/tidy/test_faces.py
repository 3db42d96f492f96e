"""Each package and room has a face: a docstring, at most eight sorted names, and an import that costs little."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = sorted(
    path.parent for package in ("sandbox", "autograder", "courseware") for path in (ROOT / package).rglob("__init__.py")
)
NAMES_MAX = 8


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parts)


def modules() -> list[Path]:
    found = [path for package in ("sandbox", "autograder", "courseware") for path in (ROOT / package).rglob("*.py")]
    return sorted(path for path in found if "node_modules" not in path.parts)


@pytest.mark.parametrize("room", ROOMS, ids=dotted)
def test_a_room_exports_few_names_in_order_and_has_them(room: Path) -> None:
    module = importlib.import_module(dotted(room))
    names = getattr(module, "__all__", [])
    assert len(names) <= NAMES_MAX
    assert list(names) == sorted(names)
    assert [name for name in names if not hasattr(module, name)] == []


def test_every_module_begins_with_a_docstring() -> None:
    silent = [
        dotted(path) for path in modules() if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize("room", ROOMS, ids=dotted)
def test_everything_a_room_exports_says_what_it_is(room: Path) -> None:
    module = importlib.import_module(dotted(room))
    exported = [getattr(module, name) for name in getattr(module, "__all__", [])]
    assert [thing.__name__ for thing in exported if callable(thing) and not thing.__doc__] == []


def test_an_init_file_only_speaks_and_re_exports() -> None:
    """Code hides badly in a file named after a folder."""
    allowed = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.If)
    busy = [
        dotted(room)
        for room in ROOMS
        if not all(isinstance(node, allowed) for node in ast.parse((room / "__init__.py").read_text("utf-8")).body)
    ]
    assert busy == []


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("sandbox", "moto boto3 botocore asyncio"),
        ("sandbox.errors", "moto boto3 botocore asyncio"),
        ("sandbox.iam.evaluate", "moto boto3 botocore asyncio"),
        ("autograder", "moto boto3 botocore nbgrader"),
        ("courseware.cli.main", "moto boto3 botocore sphinx jupyter_server asyncio subprocess"),
        ("courseware.progress", "moto boto3 sphinx jupyter_server"),
    ],
)
def test_a_bare_import_is_light(module: str, heavy: str) -> None:
    code = f"import sys, {module}; print(sorted(set({heavy.split()!r}) & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"
