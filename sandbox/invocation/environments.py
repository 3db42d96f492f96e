"""The border to whoever keeps execution environments (runtime.pool): taking one, giving it back, having some ready ahead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from sandbox.functions.function import FunctionVersion
from sandbox.runtime.environment import Environment, EnvironmentSpec, InitReport

MakeSpec = Callable[[bool], EnvironmentSpec]  # provisioned?
Initialised = Callable[[Environment, InitReport], None]


class Lease(Protocol):
    """An environment for one invocation. ``init`` is its INIT, told to its first invocation only; never for a provisioned one."""

    @property
    def environment(self) -> Environment: ...

    @property
    def init(self) -> InitReport | None: ...

    @property
    def provisioned(self) -> bool: ...


class Environments(Protocol):
    """``ready`` may be called before ``acquire`` returns, and is called for a failed INIT too."""

    def acquire(self, version: FunctionVersion, make_spec: MakeSpec, ready: Callable[[Any], None]) -> None: ...

    def release(self, lease: Any, *, alive: bool = True) -> None: ...

    def provision(self, version: FunctionVersion, count: int, make_spec: MakeSpec, initialised: Initialised) -> None: ...
