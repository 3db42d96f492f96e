"""A learner's folder for each test, and a run of a lab in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.lab import Lab, Step
from courseware.aws.run import Run, now_s

ACCOUNT = "111122223333"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path))
    return tmp_path


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(
        slug="tea-shop",
        title="A tea shop",
        goal="Sell tea.",
        minutes=10,
        cost="About nothing.",
        names={"function": "teapot", "bucket": "leaves-{account}", "alias": "live"},
        steps=(Step("brew", "Brew", ("Boil water.",)),),
        folder=tmp_path / "labs" / "tea-shop",
        uses={"price_request_usd": 10},
    )


@pytest.fixture
def run(lab: Lab) -> Run:
    return Run(ACCOUNT, "us-east-1", "ada", lab.slug, until_s=now_s() + 3600)
