"""The labs on a real AWS account, with guardrails: whose account, which names and tags, what it costs, what the world may reach.

Names are loaded when they are first asked for, so that the command line starts without botocore.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from courseware.aws.door import on_aws

__all__ = ["on_aws"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("courseware.aws.door"), name)
