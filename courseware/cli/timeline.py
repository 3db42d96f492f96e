"""``./course timeline``: what happened, with causes."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from courseware.cli.control import add_port, connect, time_of
from courseware.errors import LearnerError

EXAMPLES = """examples:
  ./course timeline                     the latest entries; what an entry follows from stands behind the arrow
  ./course timeline --kind invoke       entries of one kind
  ./course timeline --html story.html   a picture and a table in one file for the browser (- writes it to the screen)
  ./course timeline --json              for programs
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course timeline``."""
    parser.add_argument("--html", nargs="?", const="timeline.html", metavar="FILE", help="write a page (default: timeline.html)")
    parser.add_argument("--json", action="store_true", help="print a JSON array of entries")
    parser.add_argument("--since", type=int, default=0, metavar="ID", help="only entries after this one")
    parser.add_argument("--kind", help="only entries of this kind")
    parser.add_argument(
        "--limit", type=int, default=1_000, metavar="N", help="at most N entries, the oldest first (default: 1000)"
    )
    add_port(parser)


def run(args: argparse.Namespace) -> int:
    """Print entries or write the page."""
    control = connect(args)
    if args.html is not None:
        return _write(args.html, control.timeline_html())
    filters = {"limit": args.limit} | ({"kind": args.kind} if args.kind else {})
    entries = control.timeline(args.since, **filters)
    if args.json:
        print(json.dumps(entries, indent=1))
        return 0
    for entry in entries:
        cause = f"  <- {entry['cause']}" if entry["cause"] else ""
        print(f"{entry['id']:>6}  {time_of(entry['at_ms'])}  {entry['kind']:<14} {entry['title']}{cause}")
    if not entries:
        print("nothing has happened yet")
    return 0


def _write(name: str, page: str) -> int:
    if name == "-":
        sys.stdout.write(page)
        return 0
    try:
        Path(name).write_text(page, "utf-8")
    except OSError as error:
        raise LearnerError(f"cannot write {name}: {error.strerror}; name another file: --html FILE") from error
    print(Path(name).resolve())
    return 0
