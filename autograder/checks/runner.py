"""Run the checks of one step; light enough for the page, where there is no pytest.

A check is a function ``test_…`` in ``checks/test_<step>.py`` whose parameters name fixtures: ``session``, ``aws`` (its
``client``), ``http``, ``lab``, or one of the lab's own (``checks/fixtures.py``). It passes by returning, and says no by
``expect`` or by an AWS error it did not expect.
"""

from __future__ import annotations

import inspect
import runpy
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from autograder.checks.expect import NotYet
from autograder.checks.session import Session
from autograder.errors import GraderFault, LabError
from autograder.lab import Lab, Step

Check = Callable[..., None]
Fixture = Callable[..., Any]
_GIVEN = {"lab", "session", "aws", "http"}


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a learner gets back. ``hints`` is the step's whole ladder, empty when passed; each place decides how many to show."""

    lab: str
    step: str
    passed: bool
    message: str
    hints: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def fixtures(lab: Lab, session: Session) -> Mapping[str, Any]:
    """Every name a check may ask for: the runner's, and those of the lab's own ``checks/fixtures.py``."""
    given = {"lab": lab, "session": session, "aws": session.client, "http": session.http}
    return given | {name: _called(make, given) for name, make in load_fixtures(lab.folder / "checks").items()}


def run_step(lab: Lab, step: Step, session: Session) -> StepResult:
    """Run every check of ``step``; the first that says no decides. Raises GraderFault when a check itself breaks."""
    available = fixtures(lab, session)
    for check in load_checks(lab.check_file(step.id)):
        try:
            _called(check, available)
        except NotYet as no:
            return StepResult(lab.slug, step.id, passed=False, message=str(no), hints=step.hints)
        except ClientError as error:
            return StepResult(lab.slug, step.id, passed=False, message=_aws_says(error), hints=step.hints)
        except (BotoCoreError, OSError) as error:
            raise GraderFault(f"{lab.slug}/{step.id}: the account did not answer: {error}") from error
        except Exception as error:
            raise GraderFault(f"{lab.slug}/{step.id}: {check.__name__} broke: {type(error).__name__}: {error}") from error
    return StepResult(lab.slug, step.id, passed=True, message=f"{step.title}: done.")


@cache
def load_checks(path: Path) -> tuple[Check, ...]:
    """The ``test_…`` functions of one check file, in the order they are written. Raises LabError when there are none."""
    try:
        names = runpy.run_path(str(path))
    except FileNotFoundError:
        raise LabError(f"{path} is missing: every step has its checks") from None
    checks = tuple(value for name, value in names.items() if name.startswith("test_") and callable(value))
    if not checks:
        raise LabError(f"{path} defines no function whose name begins with test_")
    for check in checks:
        _may_ask(check, path, _GIVEN | set(load_fixtures(path.parent)))
    return checks


@cache
def load_fixtures(folder: Path) -> Mapping[str, Fixture]:
    """What several checks of one lab need: the functions of ``fixtures.py``, whose names are fixtures' names."""
    path = folder / "fixtures.py"
    if not path.is_file():
        return {}
    found = {name: value for name, value in runpy.run_path(str(path)).items() if inspect.isfunction(value) and name[0] != "_"}
    made = {name: value for name, value in found.items() if value.__code__.co_filename == str(path)}  # none that it imports
    for fixture in made.values():
        _may_ask(fixture, path, _GIVEN)
    return made


def _called(function: Callable[..., Any], available: Mapping[str, Any]) -> Any:
    return function(**{name: available[name] for name in inspect.signature(function).parameters})


def _may_ask(function: Callable[..., Any], path: Path, known: set[str]) -> None:
    unknown = set(inspect.signature(function).parameters) - known
    if unknown:
        raise LabError(f"{path}: {function.__name__} asks for {', '.join(sorted(unknown))}; it may ask for {sorted(known)}")


def _aws_says(error: ClientError) -> str:
    detail = error.response.get("Error", {})
    return f"{error.operation_name} answered {detail.get('Code', '?')}: {detail.get('Message', '')}"
