"""``./course check``: a learner's folder against a fresh account, from the shell."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.cli.aws import add_run_arguments, aws_session, begin_on_aws
from courseware.errors import LearnerError
from courseware.place import state_folder
from courseware.progress import Progress, record
from courseware.workspace import lab_named, prepare

if TYPE_CHECKING:
    from autograder.checks.runner import StepResult
    from autograder.lab import Lab
    from autograder.submission import Submission

EXAMPLES = """examples:
  ./course check function-url                    check the notebook in .course/work/function-url
  ./course check function-url --path my-folder   check lab.ipynb, lab.md or <step>.py files in another folder
  ./course check function-url --hints all        with every hint of the step that fails
  ./course check function-url --on aws           in your own AWS account, with guardrails (docs/aws_account.md)

Your code runs in a process of its own against a fresh account; nothing of the account you work in is touched.
Exit code 0: every step passes. 1: a step fails, and its message and hint are shown. 2: there is nothing to check.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course check``."""
    parser.add_argument("lab", help="the lab's name, for example function-url")
    parser.add_argument("--path", type=Path, metavar="DIR", help="the folder with your work (default: .course/work/LAB)")
    parser.add_argument("--hints", default="1", metavar="N|all", help="how many hints of a failing step to show (default: 1)")
    parser.add_argument(
        "--on", choices=("here", "aws"), default="here", help="a fresh account on this machine, or your AWS account"
    )
    add_run_arguments(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a step, with all its hints, instead of text")


def run(args: argparse.Namespace) -> int:
    """Check, show, remember what passed."""
    hints = _hint_count(args.hints)
    lab = lab_named(args.lab)
    folder = args.path if args.path is not None else prepare(lab)
    results = _check(args, lab, folder, hints)
    passed = {f"{lab.slug}/{result.step}": _now_ms() for result in results if result.passed}
    if passed and args.path is None:
        record(state_folder() / "progress.json", Progress(steps=passed))
    done = len(passed)
    if not args.json:
        print(f"{done} of {len(lab.steps)} steps pass")
    return 0 if done == len(lab.steps) else 1


def _check(args: argparse.Namespace, lab: Lab, folder: Path, hints: int) -> list[StepResult]:
    # Imported here: boto3 and the account take a second, which --help and a wrong lab name need not wait for.
    from autograder.errors import SubmissionError  # noqa: PLC0415
    from autograder.submission import read_submission  # noqa: PLC0415

    try:
        submission = read_submission(lab, folder)
    except SubmissionError as error:
        raise LearnerError(str(error)) from error

    def show(result: StepResult) -> None:
        _show(lab, result, args.json, hints)

    return _check_on_aws(args, lab, submission, show) if args.on == "aws" else _check_here(lab, submission, show)


def _check_here(lab: Lab, submission: Submission, show: Callable[[StepResult], None]) -> list[StepResult]:
    import boto3  # noqa: PLC0415

    from autograder.checks.folder import check_folder  # noqa: PLC0415
    from autograder.checks.session import Session  # noqa: PLC0415
    from sandbox.account import local_account  # noqa: PLC0415

    with local_account(virtual_time=True) as account:
        keys = account.environ()
        session = Session(
            boto3.session.Session(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], region_name=account.region),
            endpoint_url=account.endpoint_url,
            control=account.control,
        )
        environment = {"PATH": os.defpath, **keys, **account.control.environ()}
        return check_folder(lab, submission, session, environment, show)


def _check_on_aws(
    args: argparse.Namespace, lab: Lab, submission: Submission, show: Callable[[StepResult], None]
) -> list[StepResult]:
    from courseware.aws.check import check_on_aws  # noqa: PLC0415

    session = aws_session()
    begun = begin_on_aws(args, lab, session)
    try:
        return check_on_aws(lab, submission, begun, session, show)
    finally:
        print(f"afterwards: ./course aws clean {lab.slug}", file=sys.stderr)


def _show(lab: Lab, result: StepResult, as_json: bool, hints: int) -> None:
    if as_json:
        print(json.dumps(result.as_json()), flush=True)
        return
    number = [step.id for step in lab.steps].index(result.step) + 1
    title = lab.step(result.step).title
    print(f"✔ {number}. {title}" if result.passed else f"✘ {number}. {title}\n    {result.message}", flush=True)
    for rung, hint in enumerate(result.hints[:hints], 1):
        print(f"    hint {rung} of {len(result.hints)}: {hint}")


def _hint_count(text: str) -> int:
    if text == "all":
        return 1_000
    if not text.isdigit():
        raise LearnerError(f"--hints takes a number or `all`, not {text!r}")
    return int(text)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
