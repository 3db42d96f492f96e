"""The account behind a page: in this interpreter, on virtual time, with the same ids and the same clock on every run."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from autograder.checks.learner_lab import LearnerLab
from sandbox.account import inprocess_account
from sandbox.control.face import ControlFace
from sandbox.control_plane import browser_stubs

SEED = 2026


class PageAccount:
    """The few things a page asks of its account besides the AWS calls, which go through boto3."""

    def __init__(self, account: Any) -> None:
        self.control: ControlFace = account.control
        self.lab = LearnerLab(self.control.ask)

    def timeline_svg(self) -> str:
        return self.control.timeline_svg()

    def sleep(self, seconds: float) -> None:
        """Waiting in a cell is a jump of the account's clock: what falls due in that time happens."""
        self.control.advance(seconds)


@contextmanager
def page_account() -> Iterator[PageAccount]:
    """While it is open, boto3 and ``urllib.request`` of this interpreter reach it, and ``time.sleep`` moves its clock."""
    if sys.platform == "emscripten":
        browser_stubs.install()
    with inprocess_account(virtual_time=True, seed=SEED) as account:
        page = PageAccount(account)
        with mock.patch.object(time, "sleep", page.sleep):
            yield page
