"""``./course balance``: nothing is lost silently, and here is the count."""

from __future__ import annotations

import argparse
import json

from courseware.cli.control import add_port, connect

EXAMPLES = """examples:
  ./course balance          for every source of events: accepted = processed + dropped (and why) + waiting
  ./course balance --json   for programs
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course balance``."""
    parser.add_argument("--json", action="store_true", help="print a JSON array")
    add_port(parser)


def run(args: argparse.Namespace) -> int:
    """Print it."""
    rows = connect(args).balance()
    if args.json:
        print(json.dumps(rows, indent=1))
        return 0
    for row in rows:
        print("  ".join(f"{key} {json.dumps(value) if isinstance(value, dict | list) else value}" for key, value in row.items()))
    if not rows:
        print("no events yet")
    return 0
