"""Beginning a lab on AWS: whose account, what it may cost, until when; nothing is asked of AWS but whose key this is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from autograder.lab import Lab
from courseware.aws.allowed import learner_in
from courseware.aws.clean import take_back
from courseware.aws.guard import plain_clients
from courseware.aws.run import Run, clock_time, find_run, now_s
from courseware.aws.whose import refuse_strange_endpoint
from courseware.errors import LearnerError

HOURS = 24
_PUBLIC_S_MAX = 12 * 3600
# The shortest bound of what the key of [names] stands for (botocore: iam RoleName, lambda FunctionName, events and scheduler
# Name 64; s3 Bucket 63; sqs QueueName 80).
_NAME_CHARS_MAX = 64
Say = Callable[[str], None]


def identity(session: Any) -> tuple[str, str]:
    """Account and Region of the session's credentials; LearnerError names what is missing, and a place that is not AWS."""
    region = session.region_name
    if not region:
        raise LearnerError("your AWS settings name no Region; export AWS_DEFAULT_REGION=us-east-1, or `aws configure`")
    try:
        sts = session.client("sts", region_name=region)
        refuse_strange_endpoint(sts.meta.endpoint_url)
        answer = sts.get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise LearnerError(f"AWS does not say whose account this is: {error}; `aws configure` or `aws sso login`") from error
    return str(answer["Account"]), str(region)


def run_of(session: Any, lab: Lab) -> Run:
    """The run that is under way, or what it would be: enough to look for what is left of it."""
    account_id, region = identity(session)
    learner = learner_in(account_id)
    return find_run(account_id, lab.slug) or Run(account_id, region, learner, lab.slug, until_s=0)


def begin(session: Any, lab: Lab, agree: Callable[[], bool], say: Say, *, hours: float = HOURS, public_s: float = 0) -> Run:
    """Show account and cost, ask, and write the run down. A run under way is gone on with; only its public time may change."""
    run = run_of(session, lab)
    if run.until_s:
        refuse_if_over(run)
        close_overdue(run, session, say)
    else:
        run = replace(run, until_s=now_s() + int(hours * 3600))
    if not 0 <= public_s <= _PUBLIC_S_MAX:
        raise LearnerError(f"things may be public for at most {_PUBLIC_S_MAX // 3600} hours")
    if public_s:
        run = replace(run, public_until_s=min(now_s() + int(public_s), run.until_s))
    for line in notice(run, lab):
        say(line)
    if not agree():
        raise LearnerError("not begun; nothing was done on AWS")
    run.save()
    return run


def notice(run: Run, lab: Lab) -> Iterator[str]:
    """What the learner is asked to agree to. LearnerError for a lab that is not for AWS, or of unknown cost."""
    if lab.here_only:
        raise LearnerError(f"lab {lab.slug} is not done on AWS: {lab.here_only}")
    if not lab.uses:
        raise LearnerError(f"lab {lab.slug} does not say what it uses ([uses] in lab.toml), so its cost on AWS cannot be told")
    for name in run.names(lab).long(_NAME_CHARS_MAX):
        raise LearnerError(f"{name} has more than {_NAME_CHARS_MAX} characters; allow the account again with a shorter --learner")
    yield f"{lab.title}: on AWS account {run.account_id}, in {run.region}."
    yield f"What doing it once costs: {lab.cost} Doing it again, or leaving things there, costs more."
    tags = ", ".join(f"{name}={value}" for name, value in run.tags.items())
    yield f"Names there begin with {run.prefix}, tags are {tags}."
    if run.may_open:
        yield f"Until {clock_time(run.public_until_s)} it may make things that anybody can reach."
    yield f"Afterwards: ./course aws clean {lab.slug}"


def refuse_if_over(run: Run) -> None:
    if run.until_s <= now_s():
        raise LearnerError(f"{run.lab} is over since {clock_time(run.until_s)}; ./course aws clean {run.lab}, then begin anew")


def close_overdue(run: Run, session: Any, say: Say) -> None:
    """What was to be public for a while and is past it is closed before anything else happens."""
    if not run.may_open:
        for what in take_back(run, plain_clients(run, session)):
            say(f"taken back, its time was over: {what}")
