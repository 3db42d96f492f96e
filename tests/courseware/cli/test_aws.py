"""``./course aws`` as a person types it; nothing here reaches AWS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ACCOUNT = "111122223333"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "COURSE_"))}
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
    return {**kept, **keys, "PYTHONPATH": str(ROOT), "COURSE_STATE": str(tmp_path), "HOME": str(tmp_path)}


def course(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "courseware.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)


def test_an_account_is_allowed_shown_given_a_policy_and_forbidden(environment: dict[str, str]) -> None:
    assert "no account is allowed; ./course aws allow" in course(environment, "aws", "status").stdout
    assert "on the list" not in course(environment, "aws", "policy", ACCOUNT).stdout
    done = course(environment, "aws", "allow", ACCOUNT, "--learner", "ada")
    assert (done.returncode, "course-ada-" in done.stdout) == (0, True)
    assert f"account {ACCOUNT}: allowed, as ada" in course(environment, "aws", "status").stdout
    policy = json.loads(course(environment, "aws", "policy", ACCOUNT).stdout)
    assert f"arn:aws:lambda:*:{ACCOUNT}:function:course-ada-*" in policy["Statement"][1]["Resource"]
    assert course(environment, "aws", "forbid", ACCOUNT).returncode == 0


def test_what_a_lab_may_cost_needs_no_account(environment: dict[str, str]) -> None:
    done = course(environment, "aws", "cost", "image-pipeline")
    assert done.returncode == 0
    assert "without any free tier" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("aws", "allow", ACCOUNT), "--learner ada"),
        (("aws", "start"), "needs a lab"),
        (("aws", "policy"), "needs an account id"),
        (("aws", "cost", "no-such-lab"), "the labs are"),
        (("aws", "start", "function-url", "--public-for", "soon"), "is no duration"),
    ],
)
def test_a_mistake_in_the_call_is_answered_with_what_is_wanted(
    environment: dict[str, str], arguments: tuple[str, ...], says: str
) -> None:
    done = course(environment, *arguments)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    "arguments", [("aws", "start", "function-url"), ("aws", "clean", "function-url"), ("check", "function-url", "--on", "aws")]
)
def test_an_emulator_is_not_taken_for_aws(environment: dict[str, str], arguments: tuple[str, ...]) -> None:
    done = course({**environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, *arguments)
    assert done.returncode == 2
    assert "which is not AWS; unset AWS_ENDPOINT_URL" in done.stderr
