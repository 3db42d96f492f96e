"""``lab.check("step")`` in a notebook or a live page: run a step's checks against the account the learner works in."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import boto3

from autograder.checks.learner_lab import LearnerLab
from autograder.checks.runner import StepResult, run_step
from autograder.checks.session import Session
from autograder.lab import load_lab
from courseware.account_ended import ADVICE, announced, has_ended
from courseware.long_sleeps import long_sleeps_jump
from sandbox.control.face import ControlFace

LABS = Path(__file__).parents[1] / "labs"


class Lab(LearnerLab):
    """One lab and the account that boto3 talks to by default. Every further failed check of a step shows one more hint.

    Beside a local account a long ``time.sleep`` becomes a jump of the account's clock (``long_sleeps``). On AWS, and wherever no
    account announces its control channel, sleeping is sleeping.
    """

    def __init__(self, slug: str, session: Session | None = None, root: Path = LABS) -> None:
        self.lab = load_lab(root / slug)
        self._session = session
        self._failures: Counter[str] = Counter()
        self.control: ControlFace | None = announced() if sys.platform != "emscripten" else None
        super().__init__(self.control.ask if self.control is not None else None)
        if self.control is not None:
            long_sleeps_jump(self.control)

    def cost(self) -> None:
        """Print what doing the lab once costs on AWS."""
        print(f"{self.lab.title}. On AWS: {self.lab.cost} On a local account: nothing.")

    def result(self, step_id: str) -> StepResult:
        """Run the checks of one step; raises LabError for a step the lab does not have."""
        step = self.lab.step(step_id)
        if self._session is None:
            self._session = Session(boto3.session.Session(), control=self.control)
        result = run_step(self.lab, step, self._session)
        self._failures[step_id] += not result.passed
        return result

    def check(self, step_id: str) -> None:
        """Say whether the step is done; when it is not, what was seen and the next hint of the ladder."""
        if self.control is not None and has_ended(self.control):
            print(ADVICE)
            return
        result = self.result(step_id)
        print(("✔ " if result.passed else "✘ ") + result.message)
        shown = min(self._failures[step_id], len(result.hints))
        for number, hint in enumerate(result.hints[:shown], 1):
            print(f"  hint {number} of {len(result.hints)}: {hint}")
