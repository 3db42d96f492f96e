"""``lab.check("step")`` in a notebook or a live page: run a step's checks against the account the learner works in."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from pathlib import Path

import boto3

from autograder.checks.learner_lab import LearnerLab
from autograder.checks.runner import StepResult, run_step
from autograder.checks.session import Session
from autograder.lab import load_lab
from courseware.account_ended import ADVICE, announced, has_ended
from sandbox.control.face import ControlFace
from sandbox.errors import SandboxError

LABS = Path(__file__).parents[1] / "labs"
_REAL_SLEEP = time.sleep  # noqa: TID251 - a notebook lives in real time
_JUMP_S_MIN = 5.0  # shorter sleeps stay real while the account's time runs: a polling loop sees it pass


class Lab(LearnerLab):
    """One lab and the account that boto3 talks to by default. Every further failed check of a step shows one more hint.

    In a notebook beside a local account a long ``time.sleep`` becomes a jump of the account's clock, which runs on from there:
    waiting for two retries takes three minutes on AWS and none here. On AWS, and wherever no account announces its control
    channel, sleeping is sleeping.
    """

    def __init__(self, slug: str, session: Session | None = None, root: Path = LABS) -> None:
        self.lab = load_lab(root / slug)
        self._session = session
        self._failures: Counter[str] = Counter()
        self.control: ControlFace | None = announced() if sys.platform != "emscripten" else None
        super().__init__(self.control.ask if self.control is not None else None)
        if self.control is not None:
            _long_sleeps_jump(self.control)

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


def _long_sleeps_jump(control: ControlFace) -> None:
    def sleep(seconds: float) -> None:
        if seconds >= _JUMP_S_MIN or (_in_a_cell() and _virtual(control)):
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
