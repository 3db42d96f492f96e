"""Three families of error; only the first two are ever shown to a learner.

SandboxError
├── AwsError        what AWS says: a code, a message and an HTTP status, serialised per protocol
├── LearnerError    what the person at the keyboard did; the message names the fix
└── InternalError   what we broke; never turned into a score or an AWS answer that blames the learner
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class SandboxError(Exception):
    """Base of every error this package raises on purpose."""


class AwsError(SandboxError):
    """An answer AWS would give. ``fields`` are extra members of the modelled error (``Type``, ``Reason`` …)."""

    def __init__(
        self,
        code: str,
        message: str | None,
        status: int = 400,
        *,
        fields: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = dict(fields or {})
        self.headers = dict(headers or {})


class LearnerError(SandboxError):
    """A mistake outside AWS: an argument, a port in use, a folder. The text says what to do about it."""


class InternalError(SandboxError):
    """A defect or an unsupported corner of the sandbox itself, such as an operation the gate cannot map."""
