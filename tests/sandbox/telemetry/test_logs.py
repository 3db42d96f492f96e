from __future__ import annotations

import pytest

from tests.sandbox.invocation.small_account import ACCOUNT, REGION, ROLE, SmallAccount

GROUP_ARN = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/hello:log-stream:"


@pytest.fixture
def account() -> SmallAccount:
    account = SmallAccount()
    account.function()
    return account


def test_group_and_stream_are_made_with_the_functions_role_on_their_arns(account: SmallAccount) -> None:
    account.invoke()
    (stream,) = account.streams()
    assert account.asked == [
        (ROLE, "logs:CreateLogGroup", GROUP_ARN),
        (ROLE, "logs:CreateLogStream", GROUP_ARN + stream),
        (ROLE, "logs:PutLogEvents", GROUP_ARN + stream),
    ]


def test_verdicts_are_remembered_until_permissions_change(account: SmallAccount) -> None:
    account.invoke()
    asked = len(account.asked)
    account.invoke()
    assert len(account.asked) == asked
    account.denied.add("logs:DescribeLogGroups")
    account.invoke()
    assert len(account.asked) == asked + 1


@pytest.mark.parametrize("action", ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])
def test_what_the_role_may_not_do_does_not_happen_and_is_said_once(account: SmallAccount, action: str) -> None:
    account.denied.add(action)
    assert account.invoke().status == 200
    account.invoke()
    assert account.lines() == []
    (entry,) = account.timeline.since(kind="logs")
    assert entry.title == f"No logs in /aws/lambda/hello: the role may not {action}"
    assert account.delivery.dropped == 7


def test_an_existing_group_needs_no_permission_to_create_one(account: SmallAccount) -> None:
    account.sink.create_group(ACCOUNT, REGION, "/aws/lambda/hello")
    account.denied.add("logs:CreateLogGroup")
    account.invoke()
    assert account.lines()


def test_permission_given_later_lets_the_next_lines_through(account: SmallAccount) -> None:
    account.denied.add("logs:PutLogEvents")
    account.invoke()
    account.denied.clear()
    account.invoke()
    assert [line.split(" ")[0] for line in account.lines()] == ["START", "END", "REPORT"]


def test_a_group_deleted_by_the_learner_is_made_again(account: SmallAccount) -> None:
    account.invoke()
    account.sink.groups.clear()
    account.invoke()
    assert len(account.lines()) == 3
