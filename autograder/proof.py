"""An assessment proves itself: points add up, the starter fails, solutions get everything (with a learner's own values, too),
copies get little, twins lose exactly what they name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from autograder import incident
from autograder.assessment import EVIDENCE, Assessment
from autograder.checks.marks import id_of, mark_of
from autograder.errors import LabError
from autograder.judge import Judge, load_program
from autograder.report import Report
from autograder.solutions import find_solutions
from autograder.source_tree import SourceTree, read_tree, tree_of
from autograder.twins import Twin, find_twins
from autograder.variants import PLACE, Variant, default_variant, filled, rewritten

KEY = bytes(range(16))  # of a course with learners of its own, for judges that prove
STARTER_SHARE_MAX = 0.2
COPY_SHARE_MAX = 0.2
_VALUE = re.compile(r"\{([a-z_]+)\}")
_ROLES = {"fact", "limit", "example"}  # stand in braces too
_LEARNERS_MAX = 10_000
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was tried; ``problems`` is empty when it holds."""

    what: str
    problems: tuple[str, ...]


def still(assessment: Assessment) -> Proof:
    """What can be seen without judging anything."""
    found = (*_points(assessment), *_twins(assessment), *_task(assessment), *_written(assessment), *_rubric(assessment))
    return Proof("text and numbers", found)


def run(judge: Judge, only: str = "") -> Iterator[Proof]:
    """Judges the starter, every solution (also with a learner's own values, and copied) and every twin whose name holds ``only``;
    evidence that is given is recorded again. LabError when nothing is so named.
    """
    chosen = _chosen(judge.assessment, _tries(judge), only)
    return (Proof(name, prove()) for name, prove in chosen.items())


def written(assessment: Assessment, place: Path, only: str = "") -> None:
    """The starter, every solution and every twin whose name holds ``only`` as a class hands in: a folder each in ``place``.

    LabError when nothing is so named.
    """
    trees = {"starter": read_tree(assessment.folder / "starter"), **find_solutions(assessment)}
    trees |= {twin.name: twin.tree for twin in find_twins(assessment)}
    for name, tree in _chosen(assessment, trees, only).items():
        for path, data in tree.files.items():
            target = place / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def _tries(judge: Judge) -> dict[str, Callable[[], tuple[str, ...]]]:
    """By name, in the order they are tried in: each gives its problems."""
    assessment = judge.assessment
    tries: dict[str, Callable[[], tuple[str, ...]]] = {}
    if incident.has_incident(assessment):
        tries[EVIDENCE] = partial(evidence_problems, judge)
    tries["starter"] = lambda: _starter(judge.report_of(read_tree(assessment.folder / "starter"), "starter"))
    solutions = find_solutions(assessment)
    for name, tree in solutions.items():
        tries[name] = partial(_solution_problems, judge, tree, name)
    for name, tree in solutions.items() if assessment.choices else ():
        tries[f"{name} with own values"] = partial(own_values_problems, judge, tree)
        tries[f"{name} copied"] = partial(copy_problems, judge, tree)
    for twin in find_twins(assessment):
        tries[twin.name] = partial(_judged_twin_problems, judge, twin)
    return tries


def _chosen(assessment: Assessment, named: Mapping[str, _T], only: str) -> dict[str, _T]:
    chosen = {name: one for name, one in named.items() if only in name}
    if not chosen:
        raise LabError(f"{assessment.slug} has nothing whose name holds {only!r}; there are: {', '.join(named)}")
    return chosen


def lost(report: Report) -> dict[str, str]:
    """Messages of the checks that gave less than everything, by id."""
    return {row.id: row.message for criterion in report.criteria for row in criterion.checks if row.points < row.max}


def twin_problems(twin: Twin, report: Report) -> tuple[str, ...]:
    if report.status != "graded":
        return (report.reason,)
    missed = lost(report)
    problems = [f"{name} was to be lost and is not" for name in sorted(twin.loses - set(missed))]
    problems += [f"{name} is lost and not named: {missed[name]}" for name in sorted(set(missed) - twin.loses)]
    if twin.says not in " ".join(missed.values()):
        problems.append(f"no message says {twin.says!r}")
    return tuple(problems)


def own_values_problems(judge: Judge, solution: SourceTree) -> tuple[str, ...]:
    """What a learner whose values all differ from the text's would lose with this solution, their own values in it."""
    learner = somebody_else(judge)
    own = tree_of(rewritten(solution.files, judge.assessment.choices, judge.variant(learner)))
    return _solution(judge.report_of(own, learner, learner))


def copy_problems(judge: Judge, solution: SourceTree) -> tuple[str, ...]:
    """The same learner hands in the solution as it is: the work of one whose values are the text's."""
    learner = somebody_else(judge)
    report = judge.report_of(solution, learner, learner)
    if report.status != "graded":
        return (report.reason,)
    most = COPY_SHARE_MAX * report.max
    return () if report.score <= most else (f"copied from another learner it gets {report.score:g} points, more than {most:g}",)


def somebody_else(judge: Judge) -> str:
    """A learner none of whose values is the text's. LabError when the judge has no course key, or there is none."""
    choices = judge.assessment.choices
    for name in (f"learner-{number}" for number in range(_LEARNERS_MAX)):
        if _differs(judge.variant(name), default_variant(choices)):
            return name
    raise LabError(f"{judge.assessment.slug}: nobody has values that all differ from the text's")


def _differs(mine: Variant, told: Variant) -> bool:
    return all(mine[name] != value for name, value in told.items())


def evidence_problems(judge: Judge) -> tuple[str, ...]:
    """Files in ``starter/evidence`` that the starter's incident does not bear out."""
    differing = incident.differences(incident.record(judge), incident.written(judge.assessment))
    return tuple(f"{name} is not what the incident gives; ./course author record writes it anew" for name in differing)


def _solution_problems(judge: Judge, tree: SourceTree, name: str) -> tuple[str, ...]:
    return _solution(judge.report_of(tree, name))


def _judged_twin_problems(judge: Judge, twin: Twin) -> tuple[str, ...]:
    return twin_problems(twin, judge.report_of(twin.tree, twin.name))


def _solution(report: Report) -> tuple[str, ...]:
    if report.status != "graded":
        return (report.reason,)
    return tuple(f"{name}: {message}" for name, message in lost(report).items())


def _starter(report: Report) -> tuple[str, ...]:
    if report.status != "graded":
        return (report.reason,)
    most = STARTER_SHARE_MAX * report.max
    return () if report.score <= most else (f"the starter gets {report.score:g} points, more than {most:g}",)


def _points(assessment: Assessment) -> Iterator[str]:
    checks = load_program(assessment.folder).checks
    ids = {id_of(check) for check in checks}
    if len(ids) != len(checks):
        yield "two checks have the same name"
    known = {criterion.name for criterion in assessment.criteria}
    for check in checks:
        if mark_of(check).criterion not in known:
            yield f"{id_of(check)} belongs to {mark_of(check).criterion}, which is no criterion"
    for criterion in assessment.criteria:
        total = sum(mark_of(check).points for check in checks if mark_of(check).criterion == criterion.name)
        if total != criterion.points:
            yield f"{criterion.name} is worth {criterion.points:g} points, its checks {total:g}"
        for gate in sorted(set(criterion.gates) - ids):
            yield f"the gate {gate} of {criterion.name} is no check"
    for name in assessment.work.checks if assessment.work else ():
        if name not in ids:
            yield f"[work] names {name}, which is no check"


def _twins(assessment: Assessment) -> Iterator[str]:
    ids = {id_of(check) for check in load_program(assessment.folder).checks}
    named: set[str] = set()
    try:
        for twin in find_twins(assessment):
            named |= twin.loses
            for name in sorted(twin.loses - ids):
                yield f"{twin.name} names {name}, which is no check"
    except LabError as error:
        yield str(error)
    for name in sorted(ids - named):
        yield f"no faulty twin loses {name}"


def _task(assessment: Assessment) -> Iterator[str]:
    told = set(_VALUE.findall((assessment.folder / "README.md").read_text("utf-8"))) - _ROLES
    choices = {choice.name for choice in assessment.choices}
    for name in sorted(choices - told):
        yield f"README.md does not tell the value {{{name}}}"
    for name in sorted(told - choices):
        yield f"README.md tells {{{name}}}, which is no [variant.{name}]"


def _written(assessment: Assessment) -> Iterator[str]:
    """Places of values that are in no file any more."""
    told = default_variant(assessment.choices)
    trees = (read_tree(assessment.folder / "starter"), *find_solutions(assessment).values())
    texts = [data for tree in trees for data in tree.files.values()]
    for choice in assessment.choices:
        for place in choice.written:
            for name in sorted({found[1] for found in PLACE.finditer(place)} - told.keys()):
                yield f"{place!r} of {choice.name} holds {{{name}}}, which is no [variant.{name}]"
            if not any(filled(place, told).encode() in text for text in texts):
                yield f"{filled(place, told)!r} of {choice.name} stands in no file of the starter or a solution"


def _rubric(assessment: Assessment) -> Iterator[str]:
    path = assessment.folder / "rubric.toml"
    if not path.is_file():
        return
    rubric = tomllib.loads(path.read_text("utf-8"))
    total = sum(item["points"] for item in rubric["item"])
    if total != rubric["points"]:
        yield f"rubric.toml is worth {rubric['points']} points, its items {total}"
    for item in rubric["item"]:
        if max(level["points"] for level in item["levels"]) != item["points"]:
            yield f"the best level of {item['id']} in rubric.toml does not give its {item['points']} points"
