"""``./course author``: what those who write the course are helped with."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from courseware.errors import ToolError
from courseware.place import course_root

EXAMPLES = """examples:
  ./course author check                     what breaks the editorial rules, with place and fix
  ./course author check --complete          also what is still missing: pages, questions, labs
  ./course author check --rule numbers      one rule only
  ./course author anki --output cards.txt   the question bank as cards that Anki imports
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Actions and flags of ``./course author``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", help="check or anki")
    check = actions.add_parser("check", help="check pages, quizzes, figures and labs against the editorial rules")
    check.add_argument("--complete", action="store_true", help="count what is missing as wrong, too")
    check.add_argument("--rule", action="append", help="only this rule; may be given several times")
    check.add_argument("--json", action="store_true", help="print findings as JSON")
    anki = actions.add_parser("anki", help="write the question bank as a text file for Anki")
    anki.add_argument("--output", type=Path, default=Path("lambda-course-anki.txt"), help="the file (lambda-course-anki.txt)")
    anki.add_argument("--module", help="only items of this module, such as m2")


def run(args: argparse.Namespace) -> int:
    """0: nothing wrong. 1: something is."""
    # Imported here: --help needs none of it.
    from autograder.errors import AutograderError  # noqa: PLC0415

    try:
        return _check(args) if args.action == "check" else _anki(args)
    except AutograderError as error:
        raise ToolError(str(error)) from error


def _check(args: argparse.Namespace) -> int:
    from courseware.author.check_content import RULES, check_content  # noqa: PLC0415

    chosen = args.rule or list(RULES)
    unknown = [name for name in chosen if name not in RULES]
    if unknown:
        raise ToolError(f"there is no rule {unknown[0]!r}; there are {', '.join(RULES)}")
    findings = check_content(course_root(), chosen)
    shown = [finding for finding in findings if args.complete or not finding.gap]
    if args.json:
        print(json.dumps([dataclasses.asdict(finding) for finding in shown], indent=1))
    else:
        print(*shown, sep="\n", end="\n" if shown else "")
        gaps = len(findings) - len(shown)
        left = f"; {gaps} things are not written yet (--complete lists them)" if gaps else ""
        print(f"{len(shown)} findings{left}", file=sys.stderr)
    return 1 if shown else 0


def _anki(args: argparse.Namespace) -> int:
    from courseware.author.anki import write_cards  # noqa: PLC0415

    count = write_cards(course_root(), args.output, args.module)
    print(f"{count} cards in {args.output}: in Anki, File, Import", file=sys.stderr)
    return 0
