"""What a notebook says when the account it was opened beside has ended: in a cell's error, and in place of a check's verdict."""

from __future__ import annotations

import os

from sandbox.control.client import ControlClient
from sandbox.control.face import ControlFace
from sandbox.errors import SandboxError

ADVICE = """\
The account that this notebook talked to has ended, and what was made in it is gone.
JupyterLab starts a new, empty one. To begin there, use the menu
Kernel > Restart Kernel and Run up to Selected Cell.
If this comes again, stop `./course up` and start it anew."""
_ANSWER_S_MAX = 5.0


def announced(timeout_s: float | None = None) -> ControlClient | None:
    """The control channel that the environment names; None where there is none, as on AWS."""
    url, token = os.environ.get("COURSE_CONTROL_URL"), os.environ.get("COURSE_CONTROL_TOKEN")
    if not url or not token:
        return None
    return ControlClient(url, token) if timeout_s is None else ControlClient(url, token, timeout_s)


def has_ended(control: ControlFace | None = None) -> bool:
    """Whether nobody answers there any more, or another account does, which does not know our token."""
    control = control or announced(_ANSWER_S_MAX)
    if control is None:
        return False
    try:
        control.now()
    except SandboxError:
        return True
    return False
