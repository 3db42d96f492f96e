"""``./course build``: the book and its front-end parts, without serving them."""

from __future__ import annotations

import argparse
import sys

from courseware.place import course_root

EXAMPLES = """examples:
  ./course build           build what changed; says where index.html is
  ./course build --full    build every page anew
  ./course build --pdf     print the whole book into one PDF as well; says where it is
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course build``."""
    parser.add_argument("--full", action="store_true", help="forget earlier results and build every page")
    parser.add_argument("--pdf", action="store_true", help="also print the whole book, with Chromium")


def run(args: argparse.Namespace) -> int:
    """Build and say where."""
    # Imported here: --help needs none of it.
    from courseware.web.book import build_book  # noqa: PLC0415

    root = course_root()
    folder = build_book(root, _say, full=args.full)
    print(folder / "index.html")
    if args.pdf:
        from courseware.web.pdf import print_book  # noqa: PLC0415

        _say("book: printing")
        target = root / "book" / "_build" / "aws-lambda-live.pdf"
        print_book(root, folder, target)
        print(target)
    return 0


def _say(text: str) -> None:
    print(f"course: {text}", file=sys.stderr, flush=True)
