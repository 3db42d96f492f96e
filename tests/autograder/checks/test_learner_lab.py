"""``lab`` in a learner's cells: the same in the page, a notebook and the shell's process; harmless where it cannot act."""

from __future__ import annotations

import base64
import json

import boto3
import pytest
from botocore.exceptions import ClientError

from autograder.checks.folder import LearnerProcess
from autograder.checks.learner_lab import LearnerLab, NoOtherAccount, account_number
from autograder.checks.session import Session
from autograder.errors import GraderFault
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


def test_the_calls_of_a_role_are_told_once_each_with_how_often_they_were_refused(capsys):
    with inprocess_account() as account:
        lab, iam, sts = LearnerLab(account.control.ask), account.client("iam"), account.client("sts")
        trust = {"Effect": "Allow", "Principal": {"AWS": account.account_id}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        keys = sts.assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
        sqs = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]).client("sqs", "us-east-1")
        for _ in range(2):
            with pytest.raises(sqs.exceptions.ClientError, match="not authorized"):
                sqs.create_queue(QueueName="one")
        lab.calls("reader")
        lab.calls("another")
    arn = f"arn:aws:sqs:us-east-1:{account.account_id}:one"
    assert capsys.readouterr().out.split() == ["2x", "sqs:CreateQueue", arn, "refused", "2x"]


def test_a_cell_and_a_check_mean_the_same_second_account():
    with inprocess_account() as account:
        partner = boto3.Session(**LearnerLab(account.control.ask).account("partner"))
        named = partner.client("sts", "us-east-1").get_caller_identity()["Account"]
        assert named == account_number("partner") != account_number("stranger")
        checks = Session(boto3.session.Session(region_name="us-east-1"), control=account.control)
        assert checks.elsewhere("partner").client("sts").get_caller_identity()["Account"] == named


def test_a_check_takes_on_a_role_where_it_is_trusted():
    with inprocess_account() as account:
        trust = {"Effect": "Allow", "Principal": {"AWS": account_number("partner")}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = account.client("iam").create_role(RoleName="lent", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        checks = Session(boto3.session.Session(region_name="us-east-1"), control=account.control)
        borrowed = checks.elsewhere("partner").assuming(role)
        assert borrowed.client("sts").get_caller_identity()["Arn"].endswith(":assumed-role/lent/check")
        with pytest.raises(ClientError, match="AccessDenied"):
            checks.elsewhere("stranger").assuming(role)


def test_where_there_is_one_account_alone_a_second_one_is_refused_by_its_name():
    with pytest.raises(NoOtherAccount, match="'partner'"):
        LearnerLab(None).account("partner")
    with pytest.raises(GraderFault, match="'partner'"):
        Session(boto3.session.Session(region_name="us-east-1")).elsewhere("partner")


def test_the_timeline_and_a_dashboard_are_pictures_that_also_speak():
    with inprocess_account() as account:
        body = '{"widgets": [{"type": "text", "properties": {"markdown": "Quiet & calm"}}]}'
        account.client("cloudwatch").put_dashboard(DashboardName="ops", DashboardBody=body)
        lab = LearnerLab(account.control.ask)
        timeline, dashboard = lab.timeline(), lab.dashboard("ops")
    assert timeline is not None
    assert dashboard is not None
    assert timeline._repr_svg_().startswith("<svg")
    shown = timeline._repr_html_()
    assert shown.startswith('<img style="max-width: 100%" alt="')
    assert base64.b64decode(shown.rpartition("base64,")[2].partition('"')[0]).decode() == timeline.svg
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
    lab.calls("role")
    assert capsys.readouterr().out.count("CloudTrail") == 3
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
