"""``./course aws``: which AWS accounts labs may run in, what a lab costs there, begin one, take it off again."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from courseware.aws.allowed import allow, allowed, forbid, learner_in
from courseware.aws.policy import learner_policy
from courseware.aws.run import Run, clock_time, now_s, runs
from courseware.cli.control import seconds
from courseware.errors import LearnerError
from courseware.workspace import lab_named

if TYPE_CHECKING:
    from autograder.lab import Lab

EXAMPLES = """examples:
  ./course aws allow 123456789012 --learner ada      put a sandbox account of yours on the list; it is empty until you do
  ./course aws policy 123456789012                   the IAM policy your user there needs, and no more
  ./course aws cost function-url                     what the lab may cost, before anything is done
  ./course aws start function-url --public-for 30m   agree to the cost, and to a public address for half an hour
  ./course aws status                                which labs are under way, in which account, until when
  ./course aws clean function-url                    remove what the lab made, and say what is left and why
  ./course aws forbid 123456789012                   take the account off the list

Credentials and Region are those of the AWS CLI (`aws configure`, AWS_PROFILE). More: docs/aws_account.md
"""

_ACTIONS = ("allow", "forbid", "policy", "cost", "start", "status", "clean")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course aws``."""
    parser.add_argument("action", choices=_ACTIONS, help="what to do")
    parser.add_argument("what", nargs="?", help="an account id (allow, forbid, policy) or a lab (cost, start, clean)")
    parser.add_argument("--learner", metavar="NAME", help="with allow: your short name, which everything you make begins with")
    add_run_arguments(parser)


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """What beginning a lab on AWS takes, here and in ``./course check --on aws``."""
    parser.add_argument(
        "--hours", type=float, default=24, metavar="N", help="on AWS: the lab is over after so long (default: 24)"
    )
    parser.add_argument(
        "--public-for",
        default="0",
        metavar="30m",
        help="on AWS: for so long the lab may make what anybody can reach (default: not)",
    )
    parser.add_argument("--yes", action="store_true", help="on AWS: agree to the cost without being asked")


def run(args: argparse.Namespace) -> int:
    """One of the actions."""
    if args.action == "status":
        return _status()
    if not args.what:
        wanted = "a lab" if args.action in {"cost", "start", "clean"} else "an account id"
        raise LearnerError(f"./course aws {args.action} needs {wanted}")
    actions = {"allow": _allow, "forbid": _forbid, "policy": _policy, "cost": _cost, "start": _start, "clean": _clean}
    return actions[args.action](args)


def begin_on_aws(args: argparse.Namespace, lab: Lab, session: Any) -> Run:
    """Show the cost, ask unless ``--yes``, and begin."""
    from courseware.aws.start import begin  # noqa: PLC0415  # boto3 takes a second, which `status` need not wait for

    def agree() -> bool:
        if args.yes:
            return True
        if not sys.stdin.isatty():
            raise LearnerError("nobody is here to agree to the cost; add --yes")
        return input("Begin? [y/N] ").strip().lower() in {"y", "yes"}

    public_s = seconds(args.public_for)
    return begin(session, lab, agree, lambda line: print(line, flush=True), hours=args.hours, public_s=public_s)


def aws_session() -> Any:
    """The learner's own credentials and Region, as the AWS CLI would take them."""
    import boto3  # noqa: PLC0415

    return boto3.session.Session()


def _allow(args: argparse.Namespace) -> int:
    if not args.learner:
        raise LearnerError("say how your things there shall begin: --learner ada (one to eight of a-z and 0-9)")
    allow(args.what, args.learner)
    print(f"labs may run in account {args.what}; what they make there begins with course-{args.learner}-")
    return 0


def _forbid(args: argparse.Namespace) -> int:
    forbid(args.what)
    left = [run.lab for run in runs() if run.account_id == args.what]
    print(f"labs may no longer run in account {args.what}" + (f"; still there: {', '.join(left)}" if left else ""))
    return 0


def _policy(args: argparse.Namespace) -> int:
    print(learner_policy(args.what, learner_in(args.what)), end="")
    return 0


def _cost(args: argparse.Namespace) -> int:
    lab = lab_named(args.what)
    if not lab.uses:
        raise LearnerError(f"lab {lab.slug} does not say what it uses ([uses] in lab.toml), so its cost cannot be told")
    print(f"{lab.title}: {lab.cost}")
    return 0


def _start(args: argparse.Namespace) -> int:
    lab = lab_named(args.what)
    begun = begin_on_aws(args, lab, aws_session())
    print(f'begun; in a notebook, as the first cell: from courseware.aws import on_aws; on_aws("{begun.lab}")')
    return 0


def _status() -> int:
    for account_id, learner in allowed().items():
        print(f"account {account_id}: allowed, as {learner}")
    if not allowed():
        print("no account is allowed; ./course aws allow ACCOUNT --learner NAME")
    for begun in runs():
        over = "is over since" if begun.until_s <= now_s() else "until"
        public = f", public until {clock_time(begun.public_until_s)}" if begun.may_open else ""
        print(f"{begun.lab} in {begun.account_id} ({begun.region}): {over} {clock_time(begun.until_s)}{public}")
    return 0


def _clean(args: argparse.Namespace) -> int:
    from courseware.aws.clean import clean  # noqa: PLC0415
    from courseware.aws.guard import plain_clients  # noqa: PLC0415
    from courseware.aws.start import run_of  # noqa: PLC0415

    session = aws_session()
    begun = run_of(session, lab_named(args.what))
    cleaned = clean(begun, plain_clients(begun, session))
    for line in cleaned.removed:
        print(f"removed {line}")
    for line in [*cleaned.left, *cleaned.unsure]:
        print(f"left: {line}")
    print("nothing of the lab is left" if not cleaned.left and not cleaned.unsure else "run it again when you have seen to that")
    return 1 if cleaned.left or cleaned.unsure else 0
