"""``./course faults``: make calls, functions and deliveries fail or lag, on purpose."""

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
  ./course faults add --kind invocation --resource '*:function:resize' --error Broken --probability 0.1
                                   one run in ten of a function fails without its handler running; --run: after it ran
  ./course faults add --kind environment --count 1
                                   the next function loses its environment before its answer is out
  ./course faults add --kind delivery --source sqs --duplicates 1
                                   every message of a standard queue is given twice
  ./course faults list             the rules, and how often each has struck
  ./course faults remove fault-1   one rule; `remove all` removes every one

Names of services are boto3's (`lambda`, `stepfunctions`); patterns know * and ?. docs/faults.md describes every kind.
"""

_PATTERNS = ("service", "operation", "resource", "caller", "source")
_PLAIN = ("id", "kind", *_PATTERNS, "count", "probability", "when", "duplicates")
_DURATIONS = {"latency": "latency_s", "after": "after_s", "delay": "delay_s", "for": "until"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course faults``."""
    parser.add_argument("action", choices=("list", "add", "remove"), nargs="?", default="list", help="default: list")
    parser.add_argument("id", nargs="?", help="with remove: the rule's id, or all; with add: an id of your choice")
    parser.add_argument("--kind", help="call (default), invocation, throttle, init, environment, delivery or clock")
    parser.add_argument("--service", help="boto3's name of the service (default: any)")
    parser.add_argument("--operation", help="pattern for the API operation, such as PutItem or Get* (default: any)")
    parser.add_argument("--resource", help="pattern for the ARN of what is hit (default: any)")
    parser.add_argument("--caller", help="pattern for the caller's ARN (default: anyone)")
    parser.add_argument("--source", help="pattern for what invoked or delivered: api, url, async, s3, sns, sqs … (default: any)")
    parser.add_argument("--error", metavar="CODE", help="the error code to answer with, or a function's error type")
    parser.add_argument("--message", help="the error's message")
    parser.add_argument("--status", type=int, help="the error's HTTP status (default: 400); without --error: of a response")
    parser.add_argument("--content-type", metavar="TYPE", help="of the response that --status makes (default: application/json)")
    parser.add_argument("--body", help="of the response that --status makes")
    parser.add_argument(
        "--run", action="store_true", default=None, help="invocation: the handler runs before its answer is replaced"
    )
    parser.add_argument("--latency", metavar="DURATION", help="let it take this much longer, such as 2s")
    parser.add_argument("--when", choices=("start", "end", "idle"), help="environment: when it is lost (default: end)")
    parser.add_argument("--after", metavar="DURATION", help="environment: lost after so long a run, such as 500ms")
    parser.add_argument("--duplicates", type=int, metavar="N", help="delivery: this many copies more")
    parser.add_argument("--delay", metavar="DURATION", help="delivery: held back, so that others overtake it")
    parser.add_argument("--skew", metavar="SECONDS", type=float, help="clock: how far the clock is ahead, or behind (-600)")
    parser.add_argument("--count", type=int, metavar="N", help="strike only the next N times (default: always)")
    parser.add_argument("--probability", type=float, metavar="P", help="strike with this probability, by the account's seed")
    parser.add_argument("--for", metavar="DURATION", help="the rule ends after so long on the account's clock")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_port(parser)


def run(args: argparse.Namespace) -> int:
    """Add, list or remove."""
    control = connect(args)
    if args.action == "add":
        rule = _rule(args)
        if "until" in rule:
            rule["until"] += control.now()["now"]
        rules = [control.add_fault(**rule)]
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
    given = vars(args)
    rule = {key: given[key] for key in (*_PLAIN, "run")}
    rule |= {member: seconds(given[flag]) for flag, member in _DURATIONS.items() if given[flag] is not None}
    rule["skew_s"] = args.skew
    if args.error is not None:
        rule["error"] = _some(code=args.error, message=args.message, status=args.status)
    elif args.kind == "invocation" and args.status is not None:
        rule["response"] = _some(status=args.status, content_type=args.content_type, body=args.body)
    elif args.message is not None or args.status is not None:
        raise LearnerError("--message and --status belong to an error: give its code with --error")
    return _some(**rule)


def _some(**members: Any) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value is not None}


def _line(rule: dict[str, Any]) -> str:
    patterns = " ".join(f"{key}={rule[key]}" for key in _PATTERNS if rule.get(key, "*") != "*")
    often = "always" if rule["count"] is None else f"{rule['count']} times"
    chance = "" if rule["probability"] == 1 else f" with probability {rule['probability']:g}"
    where = f"{rule['kind']} {patterns or 'of anything'}"
    return f"{rule['id']}: {where}: {', '.join(_effects(rule))}, {often}{chance}; struck {rule['fired']} times"


def _effects(rule: dict[str, Any]) -> list[str]:
    error, response = rule.get("error"), rule.get("response")
    found = [f"{error['code']} ({error['status']})" if "status" in error else error["code"]] if error else []
    found += [f"answers {response['status']}"] if response else []
    found += ["after the handler ran"] if rule.get("run") else []
    found += [f"lost at {rule['when']}"] if rule.get("when") else []
    for member, words in (
        ("after_s", "lost after {:g} s"),
        ("latency_s", "{:g} s later"),
        ("duplicates", "{} more of each"),
        ("delay_s", "held back for {:g} s"),
        ("skew_s", "clock off by {:+g} s"),
    ):
        if rule.get(member):
            found.append(words.format(rule[member]))
    return found or ["crashes"]
