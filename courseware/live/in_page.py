"""What the browser's worker talks to: one account for the page, cells and checks in JSON."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

import boto3

from autograder.checks.session import Session as Checks
from autograder.errors import GraderFault, LabError
from courseware.lab_session import Lab
from courseware.live.account import page_account
from courseware.live.session import Session
from courseware.panel import Model


class Page:
    """Answers are JSON texts, so that nothing but text crosses into the page."""

    def __init__(self) -> None:
        self._keep = contextlib.ExitStack()
        self._account = self._keep.enter_context(page_account())
        self._session = Session(lab=self._account.lab)
        self._labs: dict[str, Lab] = {}

    def run(self, code: str, name: str, write: Callable[[str, str], None]) -> str:
        return json.dumps(self._session.run(code, name, write).as_json())

    def check(self, slug: str, step: str) -> str:
        """``passed``, ``message`` and the step's whole ladder of hints; a defect of ours is said to be one."""
        try:
            if slug not in self._labs:
                self._labs[slug] = Lab(slug, Checks(boto3.session.Session(), control=self._account.control))
            return json.dumps(self._labs[slug].result(step).as_json())
        except (GraderFault, LabError) as error:
            message = f"The check itself broke, which is our fault and not yours: {error}"
            return json.dumps({"lab": slug, "step": step, "passed": False, "message": message, "hints": []})

    def timeline(self) -> str:
        return json.dumps(
            {"svg": self._account.timeline_svg(), "alt": "Timeline of the page's account: every call and event in order"}
        )

    def look(self, act: str) -> str:
        """What is in the account after ``act``: ``refresh``, or time that passes: ``minute``, ``hour``, ``until_quiet``."""
        model = Model(self._account.control)
        {"refresh": model.refresh, "minute": model.minute, "hour": model.hour, "until_quiet": model.until_quiet}[act]()
        tables = [{"caption": caption, "header": header, "rows": rows} for caption, header, rows in model.tables]
        return json.dumps({"clock": model.clock, "message": model.message, "tables": tables})

    def close(self) -> None:
        self._keep.close()


def start() -> Page:
    """Make the account and keep it for the life of the worker."""
    return Page()
