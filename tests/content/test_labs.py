"""Every lab proves itself: the starter fails, the solution passes whole, every faulty twin dies at the step it names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from autograder.checks.folder import check_folder
from autograder.checks.runner import StepResult, load_checks
from autograder.checks.session import Session
from autograder.lab import Lab, find_labs, load_lab
from autograder.submission import Submission, cells_of_myst, read_submission
from sandbox.account import LocalAccount, local_account
from tests.content.warm_learners import WarmLearners

ROOT = Path(__file__).parents[2] / "labs"
LABS = [*find_labs(ROOT), load_lab(ROOT / "_template")]  # what new labs begin with proves itself, too
TWINS = [(lab, twin) for lab in LABS for twin in sorted((lab.folder / "faulty").iterdir())]

AS_GIVEN = """
try:
    exec(compile({given!r}, "<as given>", "exec"))
except Exception:
    pass
exec(compile({good!r}, "<mended>", "exec"))
"""


class Bench:
    """One account that is reset before every submission, and one set of clients for the checks; they hold no state."""

    def __init__(self, account: LocalAccount, learners: WarmLearners) -> None:
        self._account = account
        self._learners = learners
        self._environment = account.environ() | account.control.environ()
        key, secret = self._environment["AWS_ACCESS_KEY_ID"], self._environment["AWS_SECRET_ACCESS_KEY"]
        boto_session = boto3.session.Session(key, secret, region_name=account.region)
        self._session = Session(boto_session, endpoint_url=account.endpoint_url, control=account.control)

    def check(self, lab: Lab, submission: Submission, *, warm: bool = True) -> list[StepResult]:
        """``warm`` or not, the learner's process is a new one; not warm it is started as ``./course check`` starts it."""
        self._account.reset()
        start = self._learners.start if warm else None
        return check_folder(lab, submission, self._session, self._environment, start=start)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with local_account(virtual_time=True) as account, WarmLearners() as learners:
        yield Bench(account, learners)


def solution(lab: Lab) -> Submission:
    return read_submission(lab, lab.folder / "solution")


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_the_starter_fails_at_its_first_step(lab: Lab, bench: Bench) -> None:
    results = bench.check(lab, read_submission(lab, lab.folder))
    assert [result.passed for result in results] == [False]
    assert results[0].hints


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_the_solution_passes_every_step(lab: Lab, bench: Bench) -> None:
    results = bench.check(lab, solution(lab), warm=False)
    assert [(result.step, result.message) for result in results if not result.passed] == []
    assert [result.step for result in results] == [step.id for step in lab.steps]


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_who_ran_every_cell_as_given_can_still_do_the_lab(lab: Lab, bench: Bench) -> None:
    given, good = read_submission(lab, lab.folder).steps, solution(lab)
    both = {step: AS_GIVEN.format(given=given[step] or "", good=code) for step, code in good.steps.items()}
    results = bench.check(lab, replace(good, steps=both))
    assert [(result.step, result.message) for result in results if not result.passed] == []


@pytest.mark.parametrize(("lab", "twin"), TWINS, ids=lambda value: value.slug if isinstance(value, Lab) else value.name)
def test_a_faulty_twin_fails_at_the_step_it_names(lab: Lab, twin: Path, bench: Bench) -> None:
    expected = tomllib.loads((twin / "expect.toml").read_text("utf-8"))
    wrong = {step: code for step, code in read_submission(lab, twin).steps.items() if code}
    good = solution(lab)
    results = bench.check(lab, replace(good, steps={**good.steps, **wrong}))
    assert [result.step for result in results if not result.passed] == [expected["step"]]
    assert expected["says"].lower() in results[-1].message.lower()


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_a_lab_has_at_least_six_faulty_twins_and_each_changes_one_step(lab: Lab) -> None:
    twins = [twin for owner, twin in TWINS if owner is lab]
    assert len(twins) >= 6
    for twin in twins:
        assert len(list(twin.glob("*.py"))) == 1, twin


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_every_step_has_its_cell_its_check_cell_its_check_file_and_a_solution(lab: Lab) -> None:
    tags = [tag for cell in cells_of_myst(lab.source.read_text("utf-8")) for tag in cell.tags]
    for step in lab.steps:
        assert tags.count(f"step-{step.id}") == 1
        assert tags.count(f"check-{step.id}") == 1
        assert load_checks(lab.check_file(step.id))
    assert all(solution(lab).steps.values())
