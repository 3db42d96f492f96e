"""An assessment proves itself: points add up, the starter fails, solutions get everything, twins lose exactly what they name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import incident
from autograder.assessment import EVIDENCE, Assessment
from autograder.checks.marks import id_of, mark_of
from autograder.errors import LabError
from autograder.judge import Judge, load_program
from autograder.report import Report
from autograder.source_tree import read_tree
from autograder.twins import Twin, find_twins

STARTER_SHARE_MAX = 0.2
_VALUE = re.compile(r"\{([a-z_]+)\}")
_ROLES = {"fact", "limit", "example"}  # stand in braces too


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was tried; ``problems`` is empty when it holds."""

    what: str
    problems: tuple[str, ...]


def still(assessment: Assessment) -> Proof:
    """What can be seen without judging anything."""
    return Proof("text and numbers", (*_points(assessment), *_twins(assessment), *_task(assessment), *_rubric(assessment)))


def run(judge: Judge, only: str = "") -> Iterator[Proof]:
    """Judges the starter, every solution and every twin whose name holds ``only``; evidence that is given is recorded again."""
    assessment = judge.assessment
    if incident.has_incident(assessment) and only in EVIDENCE:
        yield Proof(EVIDENCE, evidence_problems(judge))
    folders = [assessment.folder / "starter", *sorted((assessment.folder / "solutions").iterdir())]
    for folder in folders:
        if only in folder.name:
            report = judge.report_of(read_tree(folder), folder.name)
            yield Proof(folder.name, _starter(report) if folder.name == "starter" else _solution(report))
    for twin in find_twins(assessment):
        if only in twin.name:
            yield Proof(twin.name, twin_problems(twin, judge.report_of(twin.tree, twin.name)))


def written(assessment: Assessment, place: Path, only: str = "") -> None:
    """The starter, every solution and every twin whose name holds ``only`` as a class hands in: a folder each in ``place``."""
    folders = [assessment.folder / "starter", *sorted((assessment.folder / "solutions").iterdir())]
    trees = {folder.name: read_tree(folder) for folder in folders} | {twin.name: twin.tree for twin in find_twins(assessment)}
    for name, tree in trees.items():
        for path, data in tree.files.items() if only in name else ():
            target = place / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


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


def evidence_problems(judge: Judge) -> tuple[str, ...]:
    """Files in ``starter/evidence`` that the starter's incident does not bear out."""
    differing = incident.differences(incident.record(judge), incident.written(judge.assessment))
    return tuple(f"{name} is not what the incident gives; ./course author record writes it anew" for name in differing)


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
