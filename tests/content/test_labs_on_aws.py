"""Every lab as on a real AWS account, against our own: guardrails in both processes, and a user with the published policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest

from autograder.checks.folder import check_folder
from autograder.checks.session import Session
from autograder.lab import Lab, find_labs
from autograder.submission import read_submission
from courseware.aws.allowed import allow
from courseware.aws.check import cells_environment, first_cell
from courseware.aws.clean import clean
from courseware.aws.guard import Guard, plain_clients
from courseware.aws.policy import learner_policy
from courseware.aws.start import begin
from courseware.aws.whose import TEST_ENDPOINT
from sandbox.account import LocalAccount, local_account

LABS = [lab for lab in find_labs(Path(__file__).parents[2] / "labs") if not lab.here_only]


@pytest.fixture(scope="module")
def account() -> Iterator[LocalAccount]:
    with local_account(virtual_time=True) as running:
        yield running


@pytest.fixture
def learner(account: LocalAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> boto3.session.Session:
    """A session of an IAM user who has what ``./course aws policy`` prints."""
    account.reset()
    iam = account.client("iam")
    iam.create_user(UserName="ada")
    document = learner_policy(account.account_id, "ada")
    policy = iam.create_policy(PolicyName="labs", PolicyDocument=document)["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ada", PolicyArn=policy)
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    own = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    state = {"COURSE_STATE": str(tmp_path), TEST_ENDPOINT: account.endpoint_url}
    for name, value in {**account.environ(), **own, **state}.items():
        monkeypatch.setenv(name, value)
    allow(account.account_id, "ada")
    return boto3.session.Session()


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_a_lab_passes_behind_the_guardrails_and_nothing_of_it_is_left(
    lab: Lab, account: LocalAccount, learner: boto3.session.Session
) -> None:
    run = begin(learner, lab, lambda: True, lambda _line: None, public_s=3600)
    submission = read_submission(lab, lab.folder / "solution")
    guarded = replace(submission, setup=first_cell(lab) + submission.setup)
    with Guard(run, lab).installed():
        environment = {**cells_environment(learner), **account.control.environ()}
        results = check_folder(lab, guarded, Session(learner, control=account.control), environment)
    assert [(result.step, result.message) for result in results if not result.passed] == []
    assert len(results) == len(lab.steps)
    own = [call for call in account.control.calls() if call["principal"].endswith(":user/ada")]

    assert [(call["service"], call["operation"], call["arns"]) for call in own if not call["allowed"]] == []
    assert len(own) > 10
    cleaned = clean(run, plain_clients(run, learner))
    assert (cleaned.left, cleaned.unsure) == ([], [])


def test_the_policy_fits_into_a_managed_policy() -> None:
    """IAM quotas: 6,144 characters, white space not counted."""
    document = learner_policy("111122223333", "abcdefgh")
    assert len("".join(document.split())) <= 6144
    assert json.loads(document)["Version"] == "2012-10-17"


@pytest.mark.parametrize(
    ("action", "arn"),
    [
        ("lambda:DeleteFunction", "arn:aws:lambda:us-east-1:{account}:function:payroll"),
        ("lambda:DeleteFunction", "arn:aws:lambda:us-east-1:{account}:function:course-bob-webhook--f"),
        ("s3:GetObject", "arn:aws:s3:::customers/list.csv"),
        ("iam:CreateUser", "arn:aws:iam::{account}:user/course-ada-x"),
        ("iam:PassRole", "arn:aws:iam::{account}:role/administrator"),
        ("iam:AttachUserPolicy", "arn:aws:iam::{account}:user/ada"),
        ("ec2:RunInstances", "*"),
        ("logs:FilterLogEvents", "arn:aws:logs:us-east-1:{account}:log-group:/aws/lambda/payroll:*"),
    ],
)
def test_the_policy_reaches_nothing_of_anybody_else(
    action: str, arn: str, account: LocalAccount, learner: boto3.session.Session
) -> None:
    iam: Any = account.client("iam")
    user = learner.client("sts").get_caller_identity()["Arn"]
    resource = arn.format(account=account.account_id)
    answer = iam.simulate_principal_policy(PolicySourceArn=user, ActionNames=[action], ResourceArns=[resource])
    assert answer["EvaluationResults"][0]["EvalDecision"] == "implicitDeny"
