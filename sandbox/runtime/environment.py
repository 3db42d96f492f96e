"""The border to execution: what a runtime is given, and what it reports. Two sides implement it: child processes and inline.

Everything is callback-style, so that the same core runs over an event loop and inside a browser's worker: ``Runtime.start`` and
``Environment.invoke`` return at once; the report arrives through the callback, in the account's thread, possibly before the
call returns (inline).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

# Every identifier runs on the interpreter at hand; what is not here is refused by whoever creates functions.
PYTHON_RUNTIMES = ("python3.10", "python3.11", "python3.12", "python3.13", "python3.14")

# Likewise for Node.js, where there is one.
NODE_RUNTIMES = ("nodejs20.x", "nodejs22.x", "nodejs24.x")

# A function that brings its own program, ``bootstrap``.
CUSTOM_RUNTIMES = ("provided.al2023",)

InitKind = Literal["ok", "error", "timeout", "exit", "out_of_memory"]
InvocationKind = Literal["ok", "error", "timeout", "exit", "out_of_memory"]


@dataclass(frozen=True, slots=True)
class EnvironmentSpec:
    """What one execution environment is made of. Directories are already extracted and read-only by convention."""

    environment_id: str
    function_arn: str  # qualified when the version is a number
    function_name: str
    version: str
    runtime: str
    handler: str
    memory_mb: int
    timeout_s: int
    tmp_mb: int
    variables: Mapping[str, str]  # complete: the learner's and AWS's reserved ones
    code_dir: Path
    layer_dirs: tuple[Path, ...] = ()
    log_format: Literal["Text", "JSON"] = "Text"
    application_log_level: str = ""
    init_timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One log event: whole records (a traceback is one), without the trailing newline. ``at`` is epoch seconds."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class InitReport:
    """``error`` is the error document (``errorMessage``, ``errorType``, ``stackTrace`` …) when ``kind`` is error."""

    kind: InitKind
    duration_ms: float
    logs: tuple[LogRecord, ...] = ()
    error: Mapping[str, object] | None = None
    exit_status: str = ""
    max_memory_mb: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One invocation as the runtime sees it. ``timeout_s`` is the time it has before the environment is killed."""

    request_id: str
    payload: bytes
    invoked_function_arn: str
    deadline_ms: int  # epoch milliseconds
    timeout_s: float
    trace_header: str = ""
    client_context: str = ""  # JSON text
    identity: str = ""  # JSON text
    tenant_id: str = ""
    stream: bool = False
    source: str = ""  # what led to it, as in a call: ``api``, ``sqs`` …
    cause: int = 0  # its timeline entry
    skew_s: float = 0.0  # by how much the function's clock is ahead


@dataclass(frozen=True, slots=True)
class InvocationReport:
    """``payload`` is the handler's JSON result, or the error document when ``kind`` is error. ``alive``: usable again.

    ``exit_status`` is ``exit status 1`` or ``signal: killed`` as AWS words it; empty after a clean exit. A streamed result has
    gone to the chunk callback already and is in ``payload`` as well.
    """

    kind: InvocationKind
    payload: bytes
    duration_ms: float
    max_memory_mb: int
    logs: tuple[LogRecord, ...] = ()
    alive: bool = True
    exit_status: str = ""
    stream_head: Mapping[str, object] = field(default_factory=dict)


OnInit = Callable[[InitReport], None]
OnDone = Callable[[InvocationReport], None]
OnChunk = Callable[[bytes], None]


class Environment(Protocol):
    """One execution environment: INIT has been started, at most one invocation at a time."""

    @property
    def spec(self) -> EnvironmentSpec: ...

    def invoke(self, event: Event, done: OnDone, chunk: OnChunk | None = None) -> None: ...

    def stop(self) -> None:
        """Kill it and remove its ``/tmp``; idempotent. A running invocation is reported as an exit."""
        ...


class Runtime(Protocol):
    """Makes environments. ``runtimes`` are the identifiers it can run, such as ``python3.14``."""

    @property
    def runtimes(self) -> tuple[str, ...]: ...

    def start(self, spec: EnvironmentSpec, done: OnInit) -> Environment: ...

    def close(self) -> None:
        """Stop every environment and the helpers behind them; nothing is left running."""
        ...
