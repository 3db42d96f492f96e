"""One submission handed to a judge, wherever that happens: in this process, a worker of the pool, a machine of the fleet.

A judge is named, not passed: ``module:factory`` and settings that are JSON. Each process opens it once (it may keep a warm
account) and whatever it raises becomes a failed report of that submission alone.
"""

from __future__ import annotations

import importlib
import json
import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from autograder.marking.roll import tree_digest
from autograder.quiz.assignment import BANK, is_quiz
from autograder.report import Report

REASON_CHARS_MAX = 4_000


class Judge(Protocol):
    """A pure function of the submission; raises only what is not the learner's doing."""

    def __call__(self, folder: Path, name: str) -> Report:
        """Judge what ``name`` handed in."""


Factory = Callable[..., AbstractContextManager[Judge]]


@dataclass(frozen=True, slots=True)
class Bench:
    """Who judges: ``factory`` is ``module:name`` of a context manager of a Judge, called with ``settings`` as keywords.

    ``digest`` is the assessment's own: a machine of the fleet with another version of it must not judge.
    """

    assessment: str
    factory: str
    settings: Mapping[str, Any]
    digest: str = ""

    def open(self) -> AbstractContextManager[Judge]:
        """A judge for this process."""
        module, _, name = self.factory.partition(":")
        factory: Factory = getattr(importlib.import_module(module), name)
        return factory(**self.settings)

    @property
    def seed(self) -> str:
        """Part of each submission's digest: another version of the checks, or other settings, and a grade is stale."""
        told = {name: value for name, value in self.settings.items() if name != "assessment"}
        return json.dumps([self.assessment, self.digest, self.factory, told], sort_keys=True)

    def as_json(self) -> str:
        """Also the key under which a process keeps its judge."""
        return json.dumps(asdict(self), sort_keys=True)


def bench_for(folder: Path, factory: str, settings: Mapping[str, Any]) -> Bench:
    """The bench of the assessment in ``folder``; the factory gets that folder as ``assessment``."""
    return Bench(folder.name, factory, {**settings, "assessment": str(folder.resolve())}, assessment_digest(folder))


def assessment_digest(folder: Path) -> str:
    """Of everything the assessment's author wrote; for a graded quiz that is the bank, too."""
    return tree_digest(folder, tree_digest(folder.parent / BANK) if is_quiz(folder) else "")


def bench_from_json(text: str) -> Bench:
    """The inverse of ``Bench.as_json``."""
    return Bench(**json.loads(text))


def judged(judge: Judge, bench: Bench, name: str, folder: Path, digest: str) -> Report:
    """The judge's report under our name and digest; an exception is a failed one, with its traceback for staff."""
    try:
        report = judge(folder, name)
    except Exception as error:  # noqa: BLE001 - a defect of ours stops one submission, never the run
        trace = "".join(traceback.format_exception(error))[-REASON_CHARS_MAX:]
        return failed(bench, name, digest, f"{type(error).__name__}: {error}\n{trace}")
    return replace(report, assessment=bench.assessment, submission=name, digest=digest)


def failed(bench: Bench, name: str, digest: str, reason: str) -> Report:
    """What is written when we broke: no score, and the next run tries again."""
    return Report(assessment=bench.assessment, submission=name, status="failed", reason=reason, digest=digest)
