"""``account`` in a notebook: the panel, the timeline and dashboards of the account that boto3 talks to.

from courseware.notebook_account import account

account().timeline()
"""

from __future__ import annotations

from autograder.checks.learner_lab import LearnerLab
from courseware.account_ended import announced
from courseware.errors import LearnerError
from courseware.panel import Panel
from sandbox.control.face import ControlFace


class NotebookAccount(LearnerLab):
    """Faults, timeline, story and dashboards as in a lab, and the panel."""

    def __init__(self, control: ControlFace) -> None:
        super().__init__(control.ask)
        self.control = control

    def panel(self) -> Panel:
        return Panel(self.control)


def account() -> NotebookAccount:
    """The account whose control channel the environment announces; LearnerError where none does."""
    control = announced()
    if control is None:
        raise LearnerError("no local account is announced here; open the notebook from `./course up`")
    return NotebookAccount(control)
