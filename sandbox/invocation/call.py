"""One call of one function, before (``Call``) and after (``Answer``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from sandbox.errors import AwsError

InvocationType = Literal["RequestResponse", "Event", "DryRun"]


@dataclass(frozen=True, slots=True)
class Call:
    """``function`` and ``qualifier`` as the caller wrote them (name, partial or full ARN). Authorization is already done.

    ``source`` says what caused the call (``api``, ``url``, ``s3`` …) and ``cause`` is the timeline id of that event.
    """

    account_id: str
    region: str
    function: str
    payload: bytes
    qualifier: str = ""
    invocation_type: InvocationType = "RequestResponse"
    log_tail: bool = False
    client_context: str = ""
    trace_header: str = ""
    source: str = "api"
    cause: int = 0
    stream: bool = False
    request_id: str = ""  # kept over the attempts of an asynchronous event


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller gets: HTTP ``status`` 200/202/204, the payload, and AWS's ``FunctionError`` when the function failed."""

    status: int
    payload: bytes = b""
    request_id: str = ""
    function_error: Literal["", "Handled", "Unhandled"] = ""
    executed_version: str = ""
    log_tail: bytes = b""
    error_type: str = ""
    stream_head: dict[str, object] = field(default_factory=dict)
    trace_header: str = ""  # of a traced invocation


Done = Callable[[Answer | AwsError], None]
