"""What the invocation room is told once, when an account is wired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox import facts


@dataclass(frozen=True, slots=True)
class InvocationSettings:
    """``variables`` go into every environment (``AWS_ENDPOINT_URL`` …) and are read when it is made: fill them later.

    ``request_rate_limited`` enforces ten requests a second per unit of concurrency (fact Q-18); off, because a lab that sets a
    concurrency of one would be throttled by its own quick clicks.
    """

    account_concurrency: int = field(default_factory=lambda: facts.default("account_concurrency"))
    unreserved_floor: int = field(default_factory=lambda: facts.default("unreserved_concurrency_min"))
    requests_per_s_per_environment: int = field(default_factory=lambda: facts.default("requests_per_s_per_environment"))
    request_rate_limited: bool = False
    request_bytes_max: int = field(default_factory=lambda: facts.limit("sync_payload_bytes"))
    event_bytes_max: int = field(default_factory=lambda: facts.limit("async_payload_bytes"))
    response_bytes_max: int = field(default_factory=lambda: facts.limit("response_bytes"))
    stream_bytes_max: int = field(default_factory=lambda: facts.limit("stream_bytes"))
    log_tail_bytes: int = field(default_factory=lambda: facts.limit("log_tail_bytes"))
    init_timeout_s: float = field(default_factory=lambda: float(facts.limit("init_timeout_s")))
    variables: Mapping[str, str] = field(default_factory=dict)
