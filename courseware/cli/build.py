"""``./course build``: the book and its front-end parts, without serving them."""

from __future__ import annotations

import argparse
import sys

from courseware.place import course_root

EXAMPLES = """examples:
  ./course build           build what changed; says where index.html is
  ./course build --full    build every page anew
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course build``."""
    parser.add_argument("--full", action="store_true", help="forget earlier results and build every page")


def run(args: argparse.Namespace) -> int:
    """Build and say where."""
    # Imported here: --help needs none of it.
    from courseware.web.book import build_book  # noqa: PLC0415

    folder = build_book(course_root(), lambda text: print(f"course: {text}", file=sys.stderr, flush=True), full=args.full)
    print(folder / "index.html")
    return 0
