"""The allow-list is empty, and only the command writes to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.aws.allowed import allow, allowed, forbid, learner_in
from courseware.errors import LearnerError


def test_no_account_is_allowed_until_somebody_says_so() -> None:
    assert allowed() == {}
    with pytest.raises(
        LearnerError, match=r"account 111122223333, which is not on your allow-list.*\./course aws allow 111122223333"
    ):
        learner_in("111122223333")


def test_an_account_that_was_allowed_can_be_forbidden_again(state: Path) -> None:
    allow("111122223333", "ada")
    assert learner_in("111122223333") == "ada"
    assert (state / "aws" / "allowed.json").stat().st_mode & 0o777 == 0o600
    forbid("111122223333")
    assert allowed() == {}
    with pytest.raises(LearnerError, match="is not on the list; on it: nothing"):
        forbid("111122223333")


@pytest.mark.parametrize("account", ["", "1111", "1111222233334", "11112222333x", "my-account"])
def test_what_is_no_account_id_is_not_taken(account: str) -> None:
    with pytest.raises(LearnerError, match="twelve digits"):
        allow(account, "ada")


@pytest.mark.parametrize("learner", ["", "Ada", "ada-l", "1ada", "adalovelace"])
def test_a_learner_is_a_short_word_that_any_name_may_begin_with(learner: str) -> None:
    with pytest.raises(LearnerError, match="one to eight"):
        allow("111122223333", learner)


@pytest.mark.parametrize("text", ["", "[]", '{"111122223333": "Not A Name"}', '{"all": "ada"}', "{"])
def test_a_damaged_list_allows_nothing(state: Path, text: str) -> None:
    (state / "aws").mkdir()
    (state / "aws" / "allowed.json").write_text(text, "utf-8")
    with pytest.raises(LearnerError, match="delete it and allow your account again"):
        learner_in("111122223333")
