"""One step's checks: who decides, what the learner reads, and what is our fault."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from autograder.checks.runner import load_checks, run_step
from autograder.checks.session import Session
from autograder.errors import GraderFault, LabError
from autograder.lab import Lab, load_lab

TOML = """
title = "T"
goal = "G"
minutes = 5
cost = "nothing"
names = { function = "f" }
steps = [{ id = "one", title = "One", hints = ["first", "second"] }]
"""


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    (tmp_path / "lab.toml").write_text(TOML)
    (tmp_path / "checks").mkdir()
    return load_lab(tmp_path)


def check(lab: Lab, body: str) -> Lab:
    lab.check_file("one").write_text(f"from autograder.checks.expect import expect\n{body}\n")
    return lab


@pytest.fixture
def session() -> Session:
    return Session(boto3.session.Session("AKIAEXAMPLE", "secret", region_name="us-east-1"))


def test_a_step_passes_when_every_check_returns(lab: Lab, session: Session) -> None:
    result = run_step(check(lab, "def test_a(lab): expect(lab.name('function') == 'f', 'no')"), lab.steps[0], session)
    assert (result.passed, result.message, result.hints) == (True, "One: done.", ())


def test_the_first_no_decides_and_brings_the_whole_ladder(lab: Lab, session: Session) -> None:
    body = "def test_a(): expect(False, 'seen this')\ndef test_b(): expect(False, 'never said')"
    result = run_step(check(lab, body), lab.steps[0], session)
    assert (result.passed, result.message, result.hints) == (False, "seen this", ("first", "second"))


def test_what_aws_says_is_told_to_the_learner(lab: Lab, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(service: str) -> None:
        raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "Function not found"}}, "GetFunction")

    monkeypatch.setattr(session, "client", refuse)
    result = run_step(check(lab, "def test_a(aws): aws('lambda')"), lab.steps[0], session)
    assert result.message == "GetFunction answered ResourceNotFoundException: Function not found"


def test_a_check_that_breaks_is_our_fault_and_no_verdict(lab: Lab, session: Session) -> None:
    with pytest.raises(GraderFault, match="test_a broke: ZeroDivisionError"):
        run_step(check(lab, "def test_a(): 1 / 0"), lab.steps[0], session)


def test_a_check_file_without_checks_is_refused(lab: Lab) -> None:
    with pytest.raises(LabError, match="no function whose name begins with test_"):
        load_checks(check(lab, "").check_file("one"))


def test_a_check_that_asks_for_something_unknown_is_refused(lab: Lab) -> None:
    with pytest.raises(LabError, match="asks for magic"):
        load_checks(check(lab, "def test_a(magic): pass").check_file("one"))


def test_what_several_checks_ask_stands_once(lab: Lab, session: Session) -> None:
    own = "from autograder.checks.expect import expect\ndef shout(lab): return lambda: lab.name('function').upper()\n"
    (lab.folder / "checks" / "fixtures.py").write_text(own)
    assert run_step(check(lab, "def test_a(shout): expect(shout() == 'F', 'no')"), lab.steps[0], session).passed


@pytest.mark.parametrize(
    ("own", "asked", "told"),
    [
        ("def shout(nobody): ...", "shout", "fixtures.py: shout asks for nobody"),
        ("from autograder.checks.expect import expect", "expect", "test_a asks for expect"),
        ("def _shout(): ...", "_shout", "test_a asks for _shout"),
    ],
)
def test_a_fixture_that_cannot_be_is_an_error_of_the_lab(lab: Lab, own: str, asked: str, told: str) -> None:
    (lab.folder / "checks" / "fixtures.py").write_text(own + "\n")
    check(lab, f"def test_a({asked}): ...")
    with pytest.raises(LabError, match=told):
        load_checks(lab.check_file("one"))
