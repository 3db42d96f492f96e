"""The child's code must start alone: no site-packages, nothing of ours but itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sandbox.worker

FILES = sorted(Path(sandbox.worker.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_imports_the_standard_library_and_its_siblings_only(file):
    for node in ast.walk(ast.parse(file.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module]
        for name in names:
            top = name.partition(".")[0]
            assert top in sys.stdlib_module_names or (
                file.stem in ("unanswered", "warm_boto3") and top in ("boto3", "botocore")
            ), name


def test_a_broken_configuration_is_an_error_not_a_hang():
    process = subprocess.run(
        [sys.executable, "-I", "-S", str(FILES[0].parent), "{}"], capture_output=True, text=True, timeout=20, check=False
    )
    assert process.returncode == 1
    assert "KeyError" in process.stderr
