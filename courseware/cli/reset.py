"""``./course reset``: the account, or a lab's folder, as if nothing had been."""

from __future__ import annotations

import argparse

from courseware.cli.control import add_port, connect
from courseware.workspace import lab_named, reset, work_folder

EXAMPLES = """examples:
  ./course reset                        empty the account: functions, roles, buckets, logs, clock; its address and keys stay
  ./course reset --lab function-url     put the lab's folder aside (nothing is lost) and deliver it anew
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course reset``."""
    parser.add_argument("--lab", metavar="LAB", help="reset this lab's folder instead of the account")
    add_port(parser)


def run(args: argparse.Namespace) -> int:
    """One or the other."""
    if args.lab:
        lab = lab_named(args.lab)
        backup = reset(lab)
        print(f"{work_folder() / lab.slug} is new" + (f"; your old work is in {backup}" if backup.exists() else ""))
        return 0
    connect(args).reset()
    print("the account is empty")
    return 0
