"""``./course task``: the text of an assessment as one learner gets it."""

from __future__ import annotations

import argparse
from pathlib import Path

from courseware.errors import LearnerError
from courseware.place import course_root

EXAMPLES = """examples:
  ./course task image-application                                 with the values everybody has who grades without a key
  ./course task image-application --learner ada                   with ada's values, drawn with assessments/course.key
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course task``."""
    parser.add_argument("assessment", help="the assessment's name, for example image-application")
    parser.add_argument("--learner", default="", metavar="NAME", help="whose values: the name of the learner's submission")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the course's key in hex (default: assessments/course.key)")


def run(args: argparse.Namespace) -> int:
    """Needs the key to draw a learner's values."""
    from autograder.gradebook.sheet import task_text  # noqa: PLC0415 - nbgrader's room, which --help need not wait for
    from courseware.grading import course_key, named_assessment  # noqa: PLC0415

    assessment = named_assessment(args.assessment)
    key = bytes.fromhex(course_key(args.key))
    if args.learner and not key:
        raise LearnerError(f"without {course_root() / 'assessments' / 'course.key'} or --key everybody has the same values")
    print(task_text(assessment, assessment.variant(key, args.learner)), end="")
    return 0
