"""``./course clock``: the account's time."""

from __future__ import annotations

import argparse
from typing import Any

from courseware.cli.control import add_port, connect, seconds
from courseware.errors import LearnerError

EXAMPLES = """examples:
  ./course clock now              what time it is in the account, and whether anything is running or due
  ./course clock advance 1h30m    let an hour and a half pass: retries, schedules and alarms that fall due happen
  ./course clock until-quiet      let time pass until nothing is running or due
  ./course clock virtual          stop the clock of an account that was started in real time
  ./course clock real             let it run on from there

An account of `./course account --virtual-time` stands still between these commands; any other runs on from where it came to.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course clock``."""
    actions = ("now", "advance", "until-quiet", "virtual", "real")
    parser.add_argument("action", choices=actions, nargs="?", default="now", help="default: now")
    parser.add_argument("duration", nargs="?", help="with advance: 3m, 1h30m, 90s, 2d, 500ms")
    add_port(parser)


def run(args: argparse.Namespace) -> int:
    """Ask or move, then say what time it is."""
    if (args.action == "advance") != (args.duration is not None):
        raise LearnerError("`advance`, and only it, takes a duration: ./course clock advance 3m")
    control = connect(args)
    if args.action == "advance":
        _tell(control.advance(seconds(args.duration)))
    elif args.action == "until-quiet":
        _tell(control.until_quiet())
    elif args.action in {"virtual", "real"}:
        _tell(control.set_clock(args.action))
    else:
        _tell(control.now())
    return 0


def _tell(now: dict[str, Any]) -> None:
    kind = "virtual time" if now["virtual"] else "real time"
    print(f"{now['iso']}  {kind}, {'quiet' if now['quiet'] else 'not quiet: something is running or due'}")
