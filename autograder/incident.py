"""Evidence of an incident that learners are given: recorded from the starter as it runs, never written by hand.

``checks/incident.py`` of an assessment has ``incident``, which uses the deployed starter as a scenario does and yields
the name and text of each file for ``starter/evidence/``.
"""

from __future__ import annotations

import inspect
import re
import runpy
from collections.abc import Mapping
from pathlib import Path

from autograder.assessment import EVIDENCE, Assessment
from autograder.judge import Judge, fixtures
from autograder.source_tree import read_tree, tree_of

PROGRAM = Path("checks/incident.py")
# What differs from run to run or machine to machine: durations and memory, when an INIT began, lines of the runtime's files.
_DIFFERS = re.compile(r"(?<=Duration: )[\d.]+|(?<=Max Memory Used: )\d+|\S+(?= INIT_START)|(?<=File \"/var/runtime/).+\n.+")


def has_incident(assessment: Assessment) -> bool:
    return (assessment.folder / PROGRAM).is_file()


def record(judge: Judge) -> dict[str, str]:
    """The starter is deployed and the incident runs; texts by file name."""
    folder = judge.assessment.folder
    files = {name: data for name, data in read_tree(folder / "starter").files.items() if not name.startswith(f"{EVIDENCE}/")}
    scene = judge.scene(tree_of(files), judge.assessment.variant(b"", ""))
    incident = runpy.run_path(str(folder / PROGRAM))["incident"]
    available = fixtures(scene)
    return dict(incident(**{name: available[name] for name in inspect.signature(incident).parameters}))


def written(assessment: Assessment) -> dict[str, str]:
    """What learners are given now."""
    folder = assessment.folder / "starter" / EVIDENCE
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*"))}


def write(assessment: Assessment, files: Mapping[str, str]) -> Path:
    """In place of what was there."""
    folder = assessment.folder / "starter" / EVIDENCE
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*"):
        path.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def differences(recorded: Mapping[str, str], held: Mapping[str, str]) -> list[str]:
    """Names of files that tell something else, measured times and the like aside."""
    names = sorted(recorded.keys() | held.keys())
    return [name for name in names if _comparable(recorded.get(name)) != _comparable(held.get(name))]


def _comparable(text: str | None) -> str | None:
    return None if text is None else _DIFFERS.sub("?", text)
