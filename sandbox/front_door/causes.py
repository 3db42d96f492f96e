"""Which timeline entry a trace belongs to: boto3 inside a function sends the invocation's trace header with its own calls."""

from __future__ import annotations

from sandbox.ids import Ids

_KEPT_MAX = 4_096


class Causes:
    """Root of a trace to the entry that began it; bounded, the oldest go first."""

    def __init__(self) -> None:
        self._by_root: dict[str, int] = {}

    def of(self, trace_header: str) -> int:
        """The entry, or 0 for a trace nobody remembers."""
        return self._by_root.get(_root(trace_header), 0) if trace_header else 0

    def remember(self, trace_header: str, entry: int) -> None:
        root = _root(trace_header)
        if root and root not in self._by_root:
            if len(self._by_root) >= _KEPT_MAX:
                del self._by_root[next(iter(self._by_root))]
            self._by_root[root] = entry

    def clear(self) -> None:
        self._by_root.clear()


def trace_header(incoming: str, ids: Ids, now: float) -> str:
    """The caller's trace, or a new one that is not sampled: every invocation has one (Lambda guide, "services-xray")."""
    if "Root=" in incoming:
        return incoming
    return f"Root=1-{int(now):08x}-{ids.hex(24)};Parent={ids.hex(16)};Sampled=0"


def _root(trace_header: str) -> str:
    start = trace_header.find("Root=")
    if start < 0:
        return ""
    end = trace_header.find(";", start)
    return trace_header[start + 5 : end if end >= 0 else None]
