"""boto3 imported ahead of every function, with the model files that every client reads already parsed."""

from __future__ import annotations

from typing import Any


def load(services: list[str]) -> None:
    import boto3  # noqa: F401 - the point of this module
