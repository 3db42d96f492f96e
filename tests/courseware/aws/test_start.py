"""Nothing begins before the account is allowed, the cost is shown and the learner has agreed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError

from autograder.lab import Lab
from courseware.aws.allowed import allow
from courseware.aws.run import Entry, Run, find_run, now_s
from courseware.aws.start import begin, refuse_if_over
from courseware.errors import LearnerError

ACCOUNT = "111122223333"


class Sts:
    """AWS, as far as saying whose account this is; and the Lambda of that account, which remembers what it was told."""

    def __init__(self, account: str = ACCOUNT, region: str | None = "us-east-1", url: str = "https://sts.amazonaws.com") -> None:
        self.region_name = region
        self.account = account
        self.endpoint_url = url
        self.closed: list[dict[str, Any]] = []

    @property
    def meta(self) -> Sts:
        return self

    def client(self, _service: str, region_name: str) -> Sts:
        assert region_name == self.region_name
        return self

    def get_caller_identity(self) -> dict[str, str]:
        if not self.account:
            raise NoCredentialsError
        return {"Account": self.account}

    def remove_permission(self, **params: Any) -> None:
        self.closed.append(params)


def yes() -> bool:
    return True


def test_an_account_that_is_not_on_the_list_is_refused_with_the_command_that_puts_it_there(lab: Lab) -> None:
    with pytest.raises(LearnerError, match=rf"account {ACCOUNT}, which is not on your allow-list.*course aws allow {ACCOUNT}"):
        begin(Sts(), lab, yes, print)
    assert find_run(ACCOUNT, lab.slug) is None


def test_another_account_on_the_list_does_not_help(lab: Lab) -> None:
    allow("444455556666", "ada")
    with pytest.raises(LearnerError, match="not on your allow-list"):
        begin(Sts(), lab, yes, print)


@pytest.mark.parametrize(
    ("session", "says"),
    [
        (Sts(region=None), "name no Region"),
        (Sts(account=""), "does not say whose account this is"),
        (Sts(url="http://127.0.0.1:4566"), "is not AWS"),
    ],
)
def test_what_is_missing_is_named(lab: Lab, session: Sts, says: str) -> None:
    allow(ACCOUNT, "ada")
    with pytest.raises(LearnerError, match=says):
        begin(session, lab, yes, print)


def test_cost_names_tags_and_account_are_shown_before_the_question_and_a_no_begins_nothing(lab: Lab) -> None:
    allow(ACCOUNT, "ada")
    said: list[str] = []

    def no() -> bool:
        text = "\n".join(said)
        assert lab.cost in text
        assert ACCOUNT in text
        assert "course-ada-tea-shop--" in text
        assert "course-lab=tea-shop" in text
        return False

    with pytest.raises(LearnerError, match="not begun; nothing was done"):
        begin(Sts(), lab, no, said.append)
    assert find_run(ACCOUNT, lab.slug) is None


def test_a_lab_that_does_not_say_what_it_uses_is_not_begun(lab: Lab) -> None:
    allow(ACCOUNT, "ada")
    with pytest.raises(LearnerError, match=r"\[uses\]"):
        begin(Sts(), replace(lab, uses={}), yes, print)


def test_a_lab_for_the_courses_own_account_alone_is_refused_with_its_reason(lab: Lab) -> None:
    allow(ACCOUNT, "ada")
    with pytest.raises(LearnerError, match="not done on AWS: it takes three accounts"):
        begin(Sts(), replace(lab, here_only="it takes three accounts"), yes, print)
    assert find_run(ACCOUNT, lab.slug) is None


def test_names_that_aws_would_refuse_are_told_of_before_anything_is_made(lab: Lab) -> None:
    allow(ACCOUNT, "ada")
    with pytest.raises(LearnerError, match="shorter --learner"):
        begin(Sts(), replace(lab, names={"function": "t" * 60}), yes, print)


def test_a_run_under_way_keeps_its_end_and_may_be_given_public_time(lab: Lab) -> None:
    allow(ACCOUNT, "ada")
    first = begin(Sts(), lab, yes, print, hours=2)
    assert 7100 < first.until_s - now_s() <= 7200
    assert not first.may_open
    again = begin(Sts(), lab, yes, print, hours=9, public_s=600)
    assert again == replace(first, public_until_s=again.public_until_s)
    assert again.may_open
    assert find_run(ACCOUNT, lab.slug) == again


def test_public_time_ends_with_the_run_and_is_bounded(lab: Lab) -> None:
    allow(ACCOUNT, "ada")
    begun = begin(Sts(), lab, yes, print, hours=0.5, public_s=3600)
    assert begun.public_until_s == begun.until_s
    with pytest.raises(LearnerError, match="at most 12 hours"):
        begin(Sts(), lab, yes, print, public_s=13 * 3600)


def test_what_is_still_open_after_its_time_is_closed_first(lab: Lab, run: Run) -> None:
    allow(ACCOUNT, "ada")
    late = replace(run, public_until_s=now_s() - 1)
    late.save()
    close = {
        "service": "lambda",
        "call": "remove_permission",
        "params": {"FunctionName": "f", "StatementId": "s"},
        "remove": None,
    }
    late.journal.write(Entry("opening", "lambda", "the function's policy lets anybody call", close))
    session, said = Sts(), []
    begin(session, lab, yes, said.append)
    begin(session, lab, yes, said.append)
    assert session.closed == [{"FunctionName": "f", "StatementId": "s"}]
    assert [line for line in said if "taken back" in line] == [
        "taken back, its time was over: the function's policy lets anybody call"
    ]


def test_a_run_past_its_end_is_cleaned_up_before_another(lab: Lab, run: Run) -> None:
    allow(ACCOUNT, "ada")
    replace(run, until_s=now_s() - 1).save()
    with pytest.raises(LearnerError, match=r"\./course aws clean tea-shop"):
        begin(Sts(), lab, yes, print)
    with pytest.raises(LearnerError, match="is over since"):
        refuse_if_over(replace(run, until_s=0))
