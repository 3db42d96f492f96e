"""A key that a content file must have: labs and assessments say the same thing about one that is missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import LabError


def required(table: Mapping[str, Any], key: str, kind: type, path: Path) -> Any:
    """Its value; LabError names the file and the key when it is not there or of another type."""
    value = table.get(key)
    if not isinstance(value, kind):
        raise LabError(f"{path}: {key} is missing or is no {kind.__name__}")
    return value
