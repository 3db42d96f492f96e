"""Runs one cell as a notebook would: statements first, the value of a last expression kept."""

from __future__ import annotations

import ast
import linecache
import re
from types import CodeType
from typing import Any

_MISSING_NAME = re.compile(r"name '(\w+)' is not defined")


def execute(code: str, filename: str, namespace: dict[str, Any]) -> Any:
    """Run ``code`` in ``namespace``; the value of its last expression, or None. Errors of the code pass through."""
    # Tracebacks and inspect read source lines from here, as they do for IPython's cells.
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    body, last = _compile(code, filename)
    exec(body, namespace)  # noqa: S102 - the learner's own code, in the learner's own tab
    return eval(last, namespace) if last is not None else None  # noqa: S307


def missing_name(error: BaseException) -> str:
    """The name a NameError says is missing, or nothing."""
    found = _MISSING_NAME.search(str(error)) if isinstance(error, NameError) else None
    return found[1] if found else ""


def _compile(code: str, filename: str) -> tuple[CodeType, CodeType | None]:
    tree = ast.parse(code, filename)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr) and not code.rstrip().endswith(";"):
        tree.body.pop()
        return compile(tree, filename, "exec"), compile(ast.Expression(last.value), filename, "eval")
    return compile(tree, filename, "exec"), None
