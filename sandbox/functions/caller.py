"""Who calls an operation, as the handlers need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.iam.principal import Principal

Params = Mapping[str, Any]  # members of the botocore input shape
Result = dict[str, Any]  # members of the botocore output shape


@dataclass(frozen=True, slots=True)
class ApiCaller:
    """``account_id`` and ``region`` are where the call is made, which an ARN in the call may contradict."""

    account_id: str
    region: str
    principal: Principal


Handler = Callable[[Params, ApiCaller], Result]
