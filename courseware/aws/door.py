"""``on_aws("lab")``: the first cell of a notebook that works on AWS; the cells of the lab stay as they are."""

from __future__ import annotations

import contextlib
import os

import boto3

from autograder.lab import load_lab
from courseware.aws.guard import Guard
from courseware.aws.run import clock_time
from courseware.aws.start import close_overdue, refuse_if_over, run_of
from courseware.errors import LearnerError
from courseware.place import course_root

_LOCAL = (
    *("AWS_ENDPOINT_URL", "AWS_DISABLE_HOST_PREFIX_INJECTION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    *("AWS_EC2_METADATA_DISABLED", "COURSE_CONTROL_URL", "COURSE_CONTROL_TOKEN"),
)
_installed = contextlib.ExitStack()


def on_aws(lab: str, profile: str | None = None) -> None:
    """From here on boto3 in this interpreter works on the AWS account where ``./course aws start`` began the lab, guarded.

    ``profile`` is one of your AWS configuration. A notebook leaves its local account, unless this fails.
    """
    left = _leave_local_account()
    try:
        session = boto3.session.Session(profile_name=profile)
        what = load_lab(course_root() / "labs" / lab)
        run = run_of(session, what)
        if not run.until_s:
            raise LearnerError(f"{lab} has not been begun on account {run.account_id}; in a terminal: ./course aws start {lab}")
        refuse_if_over(run)
        close_overdue(run, session, print)
    except BaseException:
        # Cells that are run all the same must not reach AWS past the guardrails.
        os.environ.update(left)
        raise
    _installed.close()
    _installed.enter_context(Guard(run, what).installed())
    boto3.setup_default_session(profile_name=profile, region_name=run.region)
    print(f"{what.title}: AWS account {run.account_id}, {run.region}, until {clock_time(run.until_s)}; names begin {run.prefix}")


def _leave_local_account() -> dict[str, str]:
    """Forget the account of `./course up` in this interpreter; what was forgotten."""
    if "COURSE_CONTROL_URL" not in os.environ:
        return {}
    return {name: os.environ.pop(name) for name in _LOCAL if name in os.environ}
