"""A lab on AWS by `./course` alone: refused, agreed to, crashed, over, cleaned up; our account plays AWS."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from courseware.aws.policy import learner_policy
from courseware.aws.whose import TEST_ENDPOINT
from sandbox.account import LocalAccount, local_account

ROOT = Path(__file__).parents[2]
LAB = "function-url"
CHECK = ("check", LAB, "--on", "aws", "--path", str(ROOT / "labs" / LAB / "solution"))
PREFIX = f"course-ada-{LAB}--"
FUNCTION = f"{PREFIX}hello-url"
THIRD = "✔ 3."  # the step that opens an address to anybody

Course = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def account() -> Iterator[LocalAccount]:
    with local_account() as running:
        yield running


@pytest.fixture(scope="module")
def environment(account: LocalAccount, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A learner who has a user with the published policy, and nothing else: no control of the account, no progress."""
    home = tmp_path_factory.mktemp("learner")
    iam = account.client("iam")
    iam.create_user(UserName="ada")
    policy = iam.create_policy(PolicyName="labs", PolicyDocument=learner_policy(account.account_id, "ada"))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ada", PolicyArn=policy)
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    own = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "COURSE_"))}
    there = {TEST_ENDPOINT: account.endpoint_url, "COURSE_STATE": str(home / "state"), "HOME": str(home)}
    return {**kept, **account.environ(), **own, **there}


@pytest.fixture(scope="module")
def course(environment: dict[str, str]) -> Course:
    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [str(ROOT / "course"), *arguments]
        nobody = subprocess.DEVNULL
        return subprocess.run(
            command, stdin=nobody, capture_output=True, text=True, env={**environment, **more}, check=False, timeout=120
        )

    return run


def changes(account: LocalAccount) -> list[str]:
    """What the learner asked for that is not looking."""
    own = [call["operation"] for call in account.control.calls() if call["principal"].endswith(":user/ada")]
    return [name for name in own if not name.startswith(("Get", "List", "Describe"))]


def there(account: LocalAccount) -> list[str]:
    """Names of the lab's that the account holds, whatever `clean` says."""
    aws: Callable[[str], Any] = account.client
    functions = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    groups = [row["logGroupName"] for row in aws("logs").describe_log_groups()["logGroups"]]
    roles = [row["RoleName"] for row in aws("iam").list_roles()["Roles"]]
    return [name for name in (*functions, *groups, *roles) if PREFIX in name]


def answered(environment: dict[str, str], answer: str, *arguments: str) -> tuple[int, str]:
    """Exit code, and what a terminal showed, of a learner who types ``answer``."""
    outer, inner = pty.openpty()
    try:
        process = subprocess.Popen(
            [str(ROOT / "course"), *arguments], stdin=inner, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
        )
        os.write(outer, f"{answer}\n".encode())
        shown, _ = process.communicate(timeout=60)
        return process.returncode, shown.decode()
    finally:
        os.close(outer)
        os.close(inner)


def killed_when_it_says(line: str, environment: dict[str, str], *arguments: str) -> None:
    command = [str(ROOT / "course"), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as process:
        assert process.stdout is not None
        shown: list[str] = []
        for said in process.stdout:
            shown.append(said)
            if said.startswith(line):
                process.kill()
        assert process.wait() == -9, "".join(shown)


def record(environment: dict[str, str], account: LocalAccount) -> Path:
    return Path(environment["COURSE_STATE"]) / "aws" / account.account_id / f"{LAB}.json"


def set_back(environment: dict[str, str], account: LocalAccount, member: str) -> None:
    """That time is over, without waiting for it."""
    path = record(environment, account)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {member: 1}), "utf-8")


def test_a_lab_from_nothing_to_nothing(
    account: LocalAccount, environment: dict[str, str], course: Course, tmp_path: Path
) -> None:
    said = course(*CHECK, "--yes")
    assert (said.returncode, f"./course aws allow {account.account_id}" in said.stderr) == (2, True), said.stderr
    assert course("aws", "allow", account.account_id, "--learner", "ada").returncode == 0
    code, shown = answered(environment, "n", *CHECK)
    assert (code, "Begin? [y/N]" in shown, "What doing it once costs" in shown) == (2, True, True), shown
    assert changes(account) == [], "nothing is made before the learner agrees"

    said = course(*CHECK, "--yes")
    assert (said.returncode, "--public-for 30m" in said.stdout, "2 of 9 steps pass" in said.stdout) == (1, True, True), (
        said.stdout
    )
    assert account.client("lambda").list_function_url_configs(FunctionName=FUNCTION)["FunctionUrlConfigs"] == []

    # As on another machine: no journal, no record of a run. Names and tags speak for themselves.
    assert there(account)
    elsewhere = {"COURSE_STATE": str(tmp_path)}
    course("aws", "allow", account.account_id, "--learner", "ada", **elsewhere)
    said = course("aws", "clean", LAB, **elsewhere)
    assert (said.returncode, there(account)) == (0, []), said.stdout

    killed_when_it_says(THIRD, environment, *CHECK, "--yes", "--public-for", "30m")
    assert FUNCTION in there(account)
    assert ", public until" in course("aws", "status").stdout

    set_back(environment, account, "public_until_s")
    said = course("aws", "start", LAB, "--yes")
    assert "taken back, its time was over: the Function URL" in said.stdout
    assert account.client("lambda").get_function_url_config(FunctionName=FUNCTION)["AuthType"] == "AWS_IAM"

    set_back(environment, account, "until_s")
    said = course(*CHECK, "--yes")
    assert (said.returncode, f"./course aws clean {LAB}" in said.stderr) == (2, True), said.stderr
    said = course("aws", "clean", LAB)
    assert (said.returncode, "nothing of the lab is left" in said.stdout) == (0, True), said.stdout
    assert there(account) == []
    assert not record(environment, account).exists()


def test_a_lab_is_over_after_its_hours_and_so_is_what_it_may_open(
    account: LocalAccount, environment: dict[str, str], course: Course
) -> None:
    said = course("aws", "cost", LAB)
    assert (said.returncode, "About $" in said.stdout) == (0, True), said.stderr
    before = len(account.control.calls())
    course("aws", "allow", account.account_id, "--learner", "ada")
    said = course("aws", "start", LAB, "--yes", "--hours", "2", "--public-for", "3h")
    assert said.returncode == 0, said.stderr
    begun = json.loads(record(environment, account).read_text("utf-8"))
    assert begun["public_until_s"] == begun["until_s"], "nothing stays public longer than the lab lasts"
    assert [call["operation"] for call in account.control.calls(before)] == ["GetCallerIdentity"]
    assert abs(begun["until_s"] - account.control.now()["now"] - 2 * 3600) < 300
    until = f"{datetime.fromtimestamp(begun['until_s'], UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert f"Until {until} it may make things that anybody can reach" in said.stdout
    assert f"until {until}, public until {until}" in course("aws", "status").stdout
    assert course("aws", "clean", LAB).returncode == 0
