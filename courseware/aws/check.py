"""A learner's cells and the checks against AWS: the same as on a local account, with the guardrails in both processes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.checks.folder import check_folder
from autograder.checks.runner import StepResult
from autograder.checks.session import Session
from autograder.lab import Lab
from autograder.submission import Submission
from courseware.aws.guard import Guard
from courseware.aws.run import Run
from courseware.aws.whose import TEST_ENDPOINT
from courseware.place import course_root, state_folder

STEP_SECONDS_MAX = 1_800.0  # retries and rollouts take their real time there
_KEPT = ("AWS_", "HOME", "PATH", TEST_ENDPOINT)
# The cells' own process is told to guard itself before the first of them runs.
_FIRST = "from courseware.aws import on_aws\non_aws({slug!r})\n"


def check_on_aws(
    lab: Lab, submission: Submission, run: Run, session: Any, report: Callable[[StepResult], None] | None = None
) -> list[StepResult]:
    """Run and check the steps in order, in real time; what they make stays for the learner to look at."""
    with Guard(run, lab).installed():
        guarded = replace(submission, setup=first_cell(lab) + submission.setup)
        return check_folder(lab, guarded, Session(session), cells_environment(session), report, seconds_max=STEP_SECONDS_MAX)


def first_cell(lab: Lab) -> str:
    return _FIRST.format(slug=lab.slug)


def cells_environment(session: Any) -> dict[str, str]:
    """The learner's AWS settings as this process has them, and where the course and its records are."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_KEPT)}
    region = {"AWS_REGION": session.region_name, "AWS_DEFAULT_REGION": session.region_name}
    return {**kept, **region, "COURSE_ROOT": str(course_root()), "COURSE_STATE": str(state_folder())}
