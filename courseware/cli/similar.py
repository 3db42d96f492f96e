"""``./course similar``: pairs of submissions that read alike."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from courseware.errors import LearnerError

EXAMPLES = """examples:
  ./course similar image-application submissions               pairs that are at least 80 % alike
  ./course similar image-application submissions --at-least 0.6 --json

Names, texts, comments and layout do not count, nor does what the starter gave everybody. Alike is not copied: short tasks
have few solutions. Look at both before you speak to anybody.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course similar``."""
    parser.add_argument("assessment", help="the assessment's name: what its starter gave is left out")
    parser.add_argument("folder", type=Path, metavar="DIR", help="the submissions: one subfolder a learner")
    parser.add_argument("--at-least", type=float, default=0.8, metavar="SHARE", help="how alike, from 0 to 1 (default: 0.8)")
    parser.add_argument("--json", action="store_true", help="one JSON object a pair instead of a table")


def run(args: argparse.Namespace) -> int:
    """Always 0: the finding is a person's to judge."""
    from autograder.errors import SubmissionError  # noqa: PLC0415
    from autograder.marking.roll import names_in  # noqa: PLC0415
    from autograder.marking.summary import plain  # noqa: PLC0415
    from autograder.similarity import alike  # noqa: PLC0415
    from courseware.grading import named_assessment  # noqa: PLC0415

    assessment = named_assessment(args.assessment).folder
    if not 0 <= args.at_least <= 1:
        raise LearnerError("--at-least takes a share from 0 to 1")
    try:
        submissions = {name: args.folder / name for name in names_in(args.folder)}
    except SubmissionError as error:
        raise LearnerError(str(error)) from error
    pairs = alike(submissions, assessment / "starter", at_least=args.at_least)
    for pair in pairs:
        if args.json:
            print(json.dumps(asdict(pair)))
        else:
            print(f"{pair.similarity:>5.0%}  {plain(pair.first)}  {plain(pair.second)}  ({pair.tokens} tokens)")
    if not args.json:
        print(f"{len(pairs)} pairs of {len(submissions)} submissions; alike is not copied: look at both")
    return 0
