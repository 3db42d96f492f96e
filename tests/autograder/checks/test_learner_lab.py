"""``lab`` in a learner's cells: the same in the page, a notebook and the shell's process; harmless where it cannot act."""

from __future__ import annotations

import boto3
import pytest

from autograder.checks.folder import LearnerProcess
from autograder.checks.learner_lab import LearnerLab
from autograder.checks.session import Session
from courseware.live.account import page_account
from courseware.live.session import Session as PageSession
from sandbox.account import inprocess_account, local_account

BREAK_LISTING = 'lab.faults.add(service="sqs", operation="ListQueues", error="ServiceUnavailable", status=503, count=9)'


def test_a_rule_lets_matching_calls_fail_until_it_is_cleared():
    with inprocess_account() as account:
        lab, sqs = LearnerLab(account.control.ask), account.client("sqs")
        rule = lab.faults.add(service="sqs", operation="List*", error="ServiceUnavailable", status=503, message="on purpose")
        with pytest.raises(sqs.exceptions.ClientError, match="on purpose"):
            sqs.list_queues()
        assert lab.faults.struck() == {rule: 1}
        lab.faults.clear()
        assert "QueueUrls" not in sqs.list_queues()
        assert lab.faults.struck() == {}


def test_the_story_tells_the_last_entries_of_the_kinds_asked_for(capsys):
    with inprocess_account() as account:
        lab = LearnerLab(account.control.ask)
        account.client("sqs").create_queue(QueueName="one")
        account.client("sns").create_topic(Name="two")
        lab.story("call", last=1)
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 1
        assert lines[0].endswith("sns:CreateTopic")
        lab.story("retry")
        assert capsys.readouterr().out == ""


def test_the_timeline_and_a_dashboard_are_pictures_that_also_speak():
    with inprocess_account() as account:
        body = '{"widgets": [{"type": "text", "properties": {"markdown": "Quiet & calm"}}]}'
        account.client("cloudwatch").put_dashboard(DashboardName="ops", DashboardBody=body)
        lab = LearnerLab(account.control.ask)
        timeline, dashboard = lab.timeline(), lab.dashboard("ops")
    assert timeline is not None
    assert dashboard is not None
    assert timeline._repr_svg_().startswith("<svg")
    assert "1 call" in repr(timeline)
    assert "Quiet & calm" in repr(dashboard)


def test_without_a_control_channel_every_use_says_what_aws_has_instead_and_goes_on(capsys):
    lab = LearnerLab(None)
    assert lab.faults.add(service="sqs", error="ServiceUnavailable") == ""
    assert "Fault Injection Service" in capsys.readouterr().out
    assert lab.faults.struck() == {}
    assert lab.now() > 0
    lab.faults.clear()
    assert lab.timeline() is None
    lab.story()
    assert capsys.readouterr().out.count("CloudTrail") == 2
    assert lab.dashboard("ops") is None
    assert "console" in capsys.readouterr().out


def test_a_cell_of_the_page_and_a_step_checked_from_the_shell_have_the_same_lab():
    cell = f"{BREAK_LISTING}\nprint(lab.faults.struck())"
    with page_account() as account:
        output: list[str] = []
        assert PageSession(lab=account.lab).run(cell, "1", lambda _, text: output.append(text)).ok
    assert "".join(output) == "{'fault-1': 0}\n"
    with local_account(virtual_time=True) as account, LearnerProcess(account.control.environ()) as learner:
        assert learner.run(cell) == {"ok": True, "error": "", "output": "{'fault-1': 0}\n"}
        assert [rule["operation"] for rule in account.control.faults()] == ["ListQueues"]


def test_a_rule_the_account_refuses_is_explained_in_the_shell_too():
    with local_account(virtual_time=True) as account, LearnerProcess(account.control.environ()) as learner:
        answer = learner.run("lab.faults.add(service='sqs')")
    assert not answer["ok"]
    assert "needs an effect" in answer["error"]


def test_now_moves_with_the_accounts_clock():
    with inprocess_account() as account:
        lab = LearnerLab(account.control.ask)
        before = lab.now()
        account.control.advance(3600)
        assert 3600 <= lab.now() - before < 3660


def test_a_check_breaks_calls_for_as_long_as_it_says_and_only_where_it_can():
    with inprocess_account() as account:
        checks = Session(boto3.session.Session(region_name="us-east-1"), control=account.control)
        sqs = account.client("sqs")
        with checks.broken(service="sqs", error={"code": "InternalError", "status": 500}) as broken:
            assert broken
            with pytest.raises(sqs.exceptions.ClientError, match="InternalError"):
                sqs.list_queues()
        assert "QueueUrls" not in sqs.list_queues()
        assert abs(checks.now() - account.control.now()["now"]) < 60
    with Session(boto3.session.Session(region_name="us-east-1")).broken(service="sqs", latency_s=1) as broken:
        assert not broken
