"""``lab.check("step")`` in a notebook or a live page: run a step's checks against the account the learner works in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import boto3

from autograder.checks.runner import StepResult, run_step
from autograder.checks.session import Session
from autograder.lab import load_lab

LABS = Path(__file__).parents[1] / "labs"


class Lab:
    """One lab and the account that boto3 talks to by default. Every further failed check of a step shows one more hint."""

    def __init__(self, slug: str, session: Session | None = None, root: Path = LABS) -> None:
        self.lab = load_lab(root / slug)
        self._session = session
        self._failures: Counter[str] = Counter()

    def result(self, step_id: str) -> StepResult:
        """Run the checks of one step; raises LabError for a step the lab does not have."""
        step = self.lab.step(step_id)
        if self._session is None:
            self._session = Session(boto3.session.Session())
        result = run_step(self.lab, step, self._session)
        self._failures[step_id] += not result.passed
        return result

    def check(self, step_id: str) -> None:
        """Say whether the step is done; when it is not, what was seen and the next hint of the ladder."""
        result = self.result(step_id)
        print(("✔ " if result.passed else "✘ ") + result.message)
        shown = min(self._failures[step_id], len(result.hints))
        for number, hint in enumerate(result.hints[:shown], 1):
            print(f"  hint {number} of {len(result.hints)}: {hint}")
