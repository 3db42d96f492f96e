"""A long ``time.sleep`` in a notebook beside a local account becomes a jump of the account's clock, which runs on from there.

Waiting for two retries takes three minutes on AWS and none here; pages of the book wait for hours.
"""

from __future__ import annotations

import os
import threading
import time

from sandbox.control.face import ControlFace
from sandbox.errors import SandboxError

_REAL_SLEEP = time.sleep  # noqa: TID251 - a notebook lives in real time
_JUMP_S_MIN = 5.0  # shorter sleeps stay real while the account's time runs: a polling loop sees it pass


def long_sleeps_jump(control: ControlFace) -> None:
    """Put a sleep of ours in the place of ``time.sleep``; again for another account."""

    def sleep(seconds: float) -> None:
        # A cell that goes to AWS takes the account's address out of the environment: from there on sleeping is sleeping.
        here = "COURSE_CONTROL_URL" in os.environ
        if here and (seconds >= _JUMP_S_MIN or (_in_a_cell() and _virtual(control))):
            control.advance(seconds)
        else:
            _REAL_SLEEP(seconds)

    time.sleep = sleep  # type: ignore[assignment]  # noqa: TID251 - replacing it is the point


def _virtual(control: ControlFace) -> bool:
    """False, too, once the account has ended: after a cell's error the kernel itself sleeps, and must wake up."""
    try:
        return bool(control.now()["virtual"])
    except SandboxError:
        return False


def _in_a_cell() -> bool:
    """The kernel has threads of its own, which sleep a second at a time."""
    return threading.current_thread() is threading.main_thread()
