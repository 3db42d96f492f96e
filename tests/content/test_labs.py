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
from autograder.lab import Lab, find_labs
from autograder.submission import Submission, cells_of_myst, read_submission
from sandbox.account import LocalAccount, local_account

ROOT = Path(__file__).parents[2] / "labs"
LABS = find_labs(ROOT)
TWINS = [(lab, twin) for lab in LABS for twin in sorted((lab.folder / "faulty").iterdir())]


@pytest.fixture(scope="module")
def account() -> Iterator[LocalAccount]:
    with local_account(virtual_time=True) as running:
        yield running


def run(lab: Lab, submission: Submission, account: LocalAccount) -> list[StepResult]:
    account.reset()
    environment = account.environ()
    session = Session(
        boto3.session.Session(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], region_name=account.region),
        endpoint_url=account.endpoint_url,
        control=account.control,
    )
    return check_folder(lab, submission, session, environment | account.control.environ())


def solution(lab: Lab) -> Submission:
    return read_submission(lab, lab.folder / "solution")


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_the_starter_fails_at_its_first_step(lab: Lab, account: LocalAccount) -> None:
    results = run(lab, read_submission(lab, lab.folder), account)
    assert [result.passed for result in results] == [False]
    assert results[0].hints


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_the_solution_passes_every_step(lab: Lab, account: LocalAccount) -> None:
    results = run(lab, solution(lab), account)
    assert [(result.step, result.message) for result in results if not result.passed] == []
    assert [result.step for result in results] == [step.id for step in lab.steps]


@pytest.mark.parametrize(("lab", "twin"), TWINS, ids=lambda value: value.slug if isinstance(value, Lab) else value.name)
def test_a_faulty_twin_fails_at_the_step_it_names(lab: Lab, twin: Path, account: LocalAccount) -> None:
    expected = tomllib.loads((twin / "expect.toml").read_text("utf-8"))
    wrong = {step: code for step, code in read_submission(lab, twin).steps.items() if code}
    good = solution(lab)
    results = run(lab, replace(good, steps={**good.steps, **wrong}), account)
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
