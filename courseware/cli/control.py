"""What the commands that talk to a running account share: the flag that chooses it, and the way in."""

from __future__ import annotations

import argparse
import re
import time

from courseware.accounts import find
from courseware.errors import LearnerError
from sandbox.control.client import ControlClient

_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def add_port(parser: argparse.ArgumentParser) -> None:
    """``--port`` chooses among several accounts."""
    parser.add_argument(
        "--port", type=int, metavar="N", help="the account whose AWS endpoint is at this port (default: the latest)"
    )


def connect(args: argparse.Namespace) -> ControlClient:
    """Raises LearnerError that says how to start one when there is none."""
    account = find(args.port)
    return ControlClient(account.control_url, account.control_token)


def seconds(text: str) -> float:
    """``1h30m``, ``90s``, ``2d``, ``500ms``; a bare number is seconds. Raises LearnerError."""
    compact = text.replace(" ", "")
    parts = _PART.findall(compact)
    if parts and "".join(number + unit for number, unit in parts) == compact:
        return sum(float(number) * _UNITS_S[unit] for number, unit in parts)
    try:
        return float(compact)
    except ValueError:
        raise LearnerError(f"{text!r} is no duration; write it as 3m, 1h30m, 90s, 2d or 500ms") from None


def time_of(epoch_ms: float) -> str:
    """Time of day in UTC, as the account's logs have it."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(epoch_ms / 1000)) + f".{int(epoch_ms) % 1000:03d}"
