"""``account`` in a notebook: the panel, the timeline and dashboards of the account that boto3 talks to.

from courseware.notebook_account import account

account().timeline()
"""

from __future__ import annotations

import os

from courseware.errors import LearnerError
from courseware.panel import Panel
from sandbox.control.client import ControlClient
from sandbox.control.face import ControlFace


class Picture:
    """An SVG that a notebook shows as the value of a cell."""

    def __init__(self, svg: str) -> None:
        self.svg = svg

    def _repr_svg_(self) -> str:
        return self.svg


class NotebookAccount:
    def __init__(self, control: ControlFace) -> None:
        self.control = control

    def timeline(self) -> Picture:
        """What happened and why, as a picture."""
        return Picture(self.control.timeline_svg())

    def dashboard(self, name: str) -> Picture:
        return Picture(self.control.dashboard_svg(name))

    def panel(self) -> Panel:
        return Panel(self.control)


def account() -> NotebookAccount:
    """The account whose control channel the environment announces; LearnerError where none does."""
    url, token = os.environ.get("COURSE_CONTROL_URL"), os.environ.get("COURSE_CONTROL_TOKEN")
    if not url or not token:
        raise LearnerError("no local account is announced here; open the notebook from `./course up`")
    return NotebookAccount(ControlClient(url, token))
