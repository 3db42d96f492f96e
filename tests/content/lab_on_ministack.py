"""One lab's solution behind the guardrails, on the ministack that the environment names: a line of JSON a step, and one last.

Unlike `./course check` it goes on after a step that fails, and asks a step that should pass again while things settle.
Argument: a JSON object with the lab and the steps known to fail.
"""

import json
import sys
import time
from pathlib import Path

import boto3

from autograder.checks.folder import LearnerProcess
from autograder.checks.runner import run_step
from autograder.checks.session import Session
from autograder.errors import GraderFault
from autograder.lab import load_lab
from autograder.submission import read_submission
from courseware.aws.check import cells_environment, first_cell
from courseware.aws.clean import clean
from courseware.aws.guard import Guard, plain_clients
from courseware.aws.start import begin

HERE = Path(__file__).parent
TRIES_MAX, PAUSE_S = 24, 0.5
NAMES = (HERE / "ministack_names.py").read_text("utf-8")


def main() -> None:
    order = json.loads(sys.argv[1])
    exec(compile(NAMES, "ministack_names.py", "exec"), {"__name__": "names"})
    lab = load_lab(HERE.parents[1] / "labs" / order["lab"])
    session = boto3.session.Session()
    run = begin(session, lab, lambda: True, lambda _line: None, public_s=3600)
    work = read_submission(lab, lab.folder / "solution")
    with Guard(run, lab).installed(), LearnerProcess(cells_environment(session)) as learner:
        setup = learner.run(f"{NAMES}\n{first_cell(lab)}{work.setup}")
        if not setup["ok"]:
            raise SystemExit(setup["error"])
        checks = Session(session)
        for step in lab.steps:
            ran = learner.run(work.steps[step.id])
            tries = 1 if step.id in order["known"] else TRIES_MAX
            said = f"the cell: {ran['error']}" if not ran["ok"] else settled(lab, step, checks, tries)
            print(json.dumps({"step": step.id, "says": said}), flush=True)
    cleaned = clean(run, plain_clients(run, session))
    print(json.dumps({"left": cleaned.left}))


def settled(lab, step, checks, tries):
    for _ in range(tries):
        said = verdict(lab, step, checks)
        if not said:
            break
        time.sleep(PAUSE_S)  # noqa: TID251 - ministack lives in real time
    return said


def verdict(lab, step, checks):
    """What the check says, "" when it is content."""
    try:
        result = run_step(lab, step, checks)
    except GraderFault as fault:
        return f"the check: {fault}"
    return "" if result.passed else result.message


if __name__ == "__main__":
    main()
