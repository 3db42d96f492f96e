"""What moto's other services find where they look for Lambda: nothing of moto's.

The functions live in ``sandbox.functions``. moto's own backend would start docker containers; this one refuses, naming what was
asked, so that a trigger that still runs inside moto shows up as a defect instead of an empty answer.
"""

from __future__ import annotations

from typing import Any

from sandbox.errors import InternalError


class FunctionsElsewhere(dict[str, Any]):
    """Stands for moto's ``lambda_backends``: any account and region gives the same refusing backend."""

    service_name = "lambda"

    def __missing__(self, account_id: str) -> _Regions:
        return _Regions(account_id)


class _Regions(dict[str, Any]):
    def __init__(self, account_id: str) -> None:
        super().__init__()
        self.account_id = account_id

    def __missing__(self, region: str) -> LambdaBackend:
        return LambdaBackend(self.account_id, region)


class LambdaBackend:
    """Every method of moto's backend raises InternalError naming it; the triggers of the account deliver the events."""

    def __init__(self, account_id: str, region: str) -> None:
        self.account_id = account_id
        self.region_name = region

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise InternalError(f"moto asked its Lambda backend for {name!r}; functions live in sandbox.functions")


def backend_for(account_id: str, region: str) -> LambdaBackend:
    """Takes the place of ``moto.awslambda.utils.get_backend``."""
    return LambdaBackend(account_id, region)
