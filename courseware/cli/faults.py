"""``./course faults``: make calls fail or lag, on purpose."""

from __future__ import annotations

import argparse
import json
from typing import Any

from courseware.cli.control import add_port, connect, seconds
from courseware.errors import LearnerError

EXAMPLES = """examples:
  ./course faults add --service dynamodb --operation PutItem --error ThrottlingException
                                   every PutItem is throttled until the rule is removed
  ./course faults add --service s3 --error SlowDown --status 503 --count 3
                                   the next three calls to S3 fail
  ./course faults add --service sqs --latency 2s --probability 0.1
                                   one call in ten to SQS takes two seconds longer
  ./course faults list             the rules, and how often each has struck
  ./course faults remove fault-1   one rule; `remove all` removes every one

Names of services are boto3's (`lambda`, `stepfunctions`); patterns know * and ?.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course faults``."""
    parser.add_argument("action", choices=("list", "add", "remove"), nargs="?", default="list", help="default: list")
    parser.add_argument("id", nargs="?", help="with remove: the rule's id, or all; with add: an id of your choice")
    parser.add_argument("--service", help="boto3's name of the service (default: any)")
    parser.add_argument("--operation", help="pattern for the API operation, such as PutItem or Get* (default: any)")
    parser.add_argument("--resource", help="pattern for the ARN the call is about (default: any)")
    parser.add_argument("--caller", help="pattern for the caller's ARN (default: anyone)")
    parser.add_argument("--error", metavar="CODE", help="the error code to answer with")
    parser.add_argument("--message", help="the error's message")
    parser.add_argument("--status", type=int, help="the error's HTTP status (default: 400)")
    parser.add_argument("--latency", metavar="DURATION", help="let the call take this much longer, such as 2s")
    parser.add_argument("--count", type=int, metavar="N", help="only the next N calls (default: all)")
    parser.add_argument("--probability", type=float, metavar="P", help="strike with this probability, by the account's seed")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_port(parser)


def run(args: argparse.Namespace) -> int:
    """Add, list or remove."""
    control = connect(args)
    if args.action == "add":
        rules = [control.add_fault(**_rule(args))]
    elif args.action == "remove":
        if not args.id:
            raise LearnerError("say which rule to remove: ./course faults remove ID (or all); `./course faults list` has the ids")
        if args.id == "all":
            control.clear_faults()
            rules = []
        else:
            rules = [control.remove_fault(args.id)]
    else:
        rules = control.faults()
    if args.json:
        print(json.dumps(rules, indent=1))
    else:
        print("\n".join(map(_line, rules)) or "no fault rules")
    return 0


def _rule(args: argparse.Namespace) -> dict[str, Any]:
    rule = {key: getattr(args, key) for key in ("id", "service", "operation", "resource", "caller", "count", "probability")}
    if args.latency is not None:
        rule["latency_s"] = seconds(args.latency)
    if args.error is not None:
        error = {"code": args.error, "message": args.message, "status": args.status}
        rule["error"] = {key: value for key, value in error.items() if value is not None}
    elif args.message is not None or args.status is not None:
        raise LearnerError("--message and --status belong to an error: give its code with --error")
    return {key: value for key, value in rule.items() if value is not None}


def _line(rule: dict[str, Any]) -> str:
    where = f"{rule['service']} {rule['operation']} on {rule['resource']} by {rule['caller']}"
    error = rule.get("error")
    effects = [f"{error['code']} ({error['status']})"] if error else []
    effects += [f"{rule['latency_s']:g} s later"] if rule.get("latency_s") else []
    often = "always" if rule["count"] is None else f"{rule['count']} times"
    chance = "" if rule["probability"] == 1 else f" with probability {rule['probability']:g}"
    return f"{rule['id']}: {where}: {', '.join(effects)}, {often}{chance}; struck {rule['fired']} times"
