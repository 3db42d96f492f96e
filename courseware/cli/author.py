"""``./course author``: what those who write the course are helped with."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import ToolError
from courseware.place import course_root

if TYPE_CHECKING:
    from autograder.assessment import Assessment
    from autograder.proof import Proof

EXAMPLES = """examples:
  ./course author check                     what breaks the editorial rules, with place and fix
  ./course author check --complete          also what is still missing: pages, questions, labs
  ./course author check --rule numbers      one rule only
  ./course author anki --output cards.txt   the question bank as cards that Anki imports
  ./course author new-lab my-lab            a small lab that works, to begin with
  ./course author new-assessment my-exam    a small assessment that works, to begin with
  ./course author record mend-the-broken-stack    run its incident, and write the evidence learners are given
  ./course author prove image-application   the starter fails, solutions get everything, twins lose what they name
  ./course author prove image-application --only bucket    only what has this in its name
  ./course author prove image-application --only plain --repeat 50   is its report the same each time?
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Actions and flags of ``./course author``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", help="what to do")
    check = actions.add_parser("check", help="check pages, quizzes, figures and labs against the editorial rules")
    check.add_argument("--complete", action="store_true", help="count what is missing as wrong, too")
    check.add_argument("--rule", action="append", help="only this rule; may be given several times")
    check.add_argument("--json", action="store_true", help="print findings as JSON")
    anki = actions.add_parser("anki", help="write the question bank as a text file for Anki")
    anki.add_argument("--output", type=Path, default=Path("lambda-course-anki.txt"), help="the file (lambda-course-anki.txt)")
    anki.add_argument("--module", help="only items of this module, such as m2")
    lab = actions.add_parser("new-lab", help="lay out a lab that works, to begin with")
    lab.add_argument("slug", help="its name for ever: lower-case words joined by hyphens")
    new = actions.add_parser("new-assessment", help="lay out an assessment that works, to begin with")
    new.add_argument("slug", help="its name for ever: lower-case words joined by hyphens")
    record = actions.add_parser("record", help="run an assessment's incident on its starter, and write starter/evidence anew")
    record.add_argument("assessment", help="its name in assessments/, or the path of its folder")
    prove = actions.add_parser("prove", help="judge an assessment's starter, solutions and faulty twins")
    prove.add_argument("assessment", help="its name in assessments/, or the path of its folder")
    prove.add_argument(
        "--repeat", type=int, default=0, metavar="N", help="judge each N times instead, in several surroundings: one report"
    )
    prove.add_argument("--only", default="", metavar="TEXT", help="only solutions and twins whose names hold this")


def run(args: argparse.Namespace) -> int:
    """0: nothing wrong. 1: something is."""
    # Imported here: --help needs none of it.
    from autograder.errors import AutograderError  # noqa: PLC0415

    try:
        return _ACTIONS[args.action](args)
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


def _new_lab(args: argparse.Namespace) -> int:
    from courseware.author.new_lab import new_lab  # noqa: PLC0415

    folder = new_lab(course_root(), args.slug)
    print(f"{folder} is there and works: ./course check {args.slug} --path {folder / 'solution'}", file=sys.stderr)
    print("Its line in book/_toc.yml is the last of the labs': move it to where it belongs.", file=sys.stderr)
    return 0


def _new_assessment(args: argparse.Namespace) -> int:
    from courseware.author.new_assessment import new_assessment  # noqa: PLC0415

    folder = new_assessment(course_root() / "assessments", args.slug)
    print(f"{folder} is there and proves itself: ./course author prove {args.slug}", file=sys.stderr)
    return 0


def _record(args: argparse.Namespace) -> int:
    from autograder import incident  # noqa: PLC0415
    from autograder.judge import Judge  # noqa: PLC0415
    from courseware import layers  # noqa: PLC0415
    from courseware.grading import named_assessment  # noqa: PLC0415

    assessment = named_assessment(args.assessment)
    if not incident.has_incident(assessment):
        raise ToolError(f"{assessment.slug} has no {incident.PROGRAM}, so there is nothing to record")
    with Judge(assessment, layers.ready(assessment.layers)) as judge:
        folder = incident.write(assessment, incident.record(judge))
    print(*sorted(folder.iterdir()), sep="\n")
    return 0


def _prove(args: argparse.Namespace) -> int:
    """A line for each thing tried; those with problems tell them."""
    from autograder import proof  # noqa: PLC0415
    from autograder.judge import Judge  # noqa: PLC0415
    from courseware import layers  # noqa: PLC0415
    from courseware.grading import named_assessment  # noqa: PLC0415

    assessment = named_assessment(args.assessment)
    if args.repeat:
        return 1 if sum(map(_told, _repeated(assessment, args.only, args.repeat))) else 0
    bad = _told(proof.still(assessment))
    with Judge(assessment, layers.ready(assessment.layers), course_key=proof.KEY) as judge:
        for one in proof.run(judge, args.only):
            bad += _told(one)
    return 1 if bad else 0


def _repeated(assessment: Assessment, only: str, times: int) -> Iterator[Proof]:
    from autograder.marking.job import bench_for  # noqa: PLC0415
    from autograder.marking.repetition import repeat  # noqa: PLC0415
    from autograder.marking.roll import call_roll  # noqa: PLC0415
    from autograder.proof import Proof, written  # noqa: PLC0415
    from courseware.grading import FACTORY  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="repeat-") as name:
        written(assessment, Path(name), only)
        for one in repeat(bench_for(assessment.folder, FACTORY, {}), call_roll(Path(name), ""), times):
            told = f"{one.name}: judged {one.times} times, {len(one.texts)} report{'s' * (len(one.texts) > 1)}"
            yield Proof(told, tuple(one.difference.splitlines()))


def _told(proof: Proof) -> int:
    print(
        f"{'no' if proof.problems else 'ok'}  {proof.what}",
        *(f"    {problem}" for problem in proof.problems),
        sep="\n",
        flush=True,
    )
    return len(proof.problems)


_ACTIONS = {
    "check": _check,
    "anki": _anki,
    "new-lab": _new_lab,
    "new-assessment": _new_assessment,
    "record": _record,
    "prove": _prove,
}
