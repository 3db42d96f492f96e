"""``./course calls``: the recorded API calls."""

from __future__ import annotations

import argparse
import json

from courseware.cli.control import add_port, connect, time_of

EXAMPLES = """examples:
  ./course calls                               every API call, the functions' own included
  ./course calls --denied                      what was refused, and by which statement
  ./course calls --service s3 --since 120      calls to S3 after number 120
  ./course calls --json                        for programs
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course calls``."""
    parser.add_argument("--since", type=int, default=0, metavar="N", help="only calls after this number")
    parser.add_argument("--limit", type=int, default=1_000, metavar="N", help="at most N calls, the oldest first (default: 1000)")
    parser.add_argument("--service", help="boto3's name of the service")
    parser.add_argument("--operation", help="the API operation, such as PutObject")
    parser.add_argument("--principal", help="the caller's ARN")
    parser.add_argument("--arn", help="the ARN the call is about")
    parser.add_argument("--denied", action="store_true", help="only calls that were not allowed")
    parser.add_argument("--json", action="store_true", help="print a JSON array of records")
    add_port(parser)


def run(args: argparse.Namespace) -> int:
    """Print them."""
    wishes = {key: getattr(args, key) for key in ("limit", "service", "operation", "principal", "arn")}
    filters = {key: value for key, value in wishes.items() if value is not None}
    records = connect(args).calls(args.since, **filters, **({"allowed": False} if args.denied else {}))
    if args.json:
        print(json.dumps(records, indent=1))
        return 0
    for record in records:
        verdict = "allowed" if record["allowed"] else "DENIED"
        outcome = record["error"] or record["status"]
        by = f" by {record['statement']}" if record["statement"] else ""
        what = f"{record['service']} {record['operation']}: {outcome}, {verdict}{by}"
        print(f"{record['number']:>6}  {time_of(record['at_ms'])}  {what}")
        print(f"        {record['principal']} on {', '.join(record['arns']) or '-'}")
    if not records:
        print("no such calls")
    return 0
