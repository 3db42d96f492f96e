from __future__ import annotations

import io
import json
import zipfile

import pytest

from courseware.account_ended import ADVICE
from courseware.notebook_account import NotebookAccount, account
from courseware.panel import Model, Panel
from sandbox.account import inprocess_account
from sandbox.control.face import ControlFace
from sandbox.errors import LearnerError

ALARM = {
    "AlarmName": "errors <b>",
    "Namespace": "AWS/Lambda",
    "MetricName": "Errors",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}


@pytest.fixture
def opened():
    with inprocess_account(seed=7, start=1_800_000_000.0) as made:
        yield made


def fill(opened):
    iam = opened.client("iam")
    allow = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    print('hello <script>')\n    raise ValueError\n")
    functions = opened.client("lambda")
    functions.create_function(
        FunctionName="greet", Runtime="python3.12", Handler="app.handler", Role=role, Code={"ZipFile": packed.getvalue()}
    )
    sqs = opened.client("sqs")
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    opened.client("cloudwatch").put_metric_alarm(**ALARM)
    functions.invoke(FunctionName="greet")


def test_the_model_shows_functions_queues_alarms_and_log_lines(opened):
    fill(opened)
    model = Model(opened.control)
    tables = {caption: rows for caption, _, rows in model.tables}
    assert tables["Functions"] == [("greet", "python3.12", "Active")]
    assert tables["Queues"] == [("inbox", "1", "0", "0")]
    assert tables["Alarms"][0][:2] == ("errors <b>", "INSUFFICIENT_DATA")
    assert ("08:00:00", "/aws/lambda/greet", "hello <script>") in tables["Newest log lines"]


def test_looking_leaves_no_recorded_call(opened):
    fill(opened)
    before = len(opened.control.calls())
    Model(opened.control).refresh()
    assert len(opened.control.calls()) == before


def test_a_minute_moves_the_clock_and_the_alarm(opened):
    fill(opened)
    model = Model(opened.control)
    model.minute()
    assert model.clock == "2027-01-15 08:01:00 UTC, virtual time, quiet"
    assert model.state["alarms"][0]["state"] == "ALARM"
    model.hour()
    assert model.clock.startswith("2027-01-15 09:01:00")
    model.until_quiet()
    assert model.message == "Nothing is running or due any more."


def test_what_the_account_says_is_escaped(opened):
    fill(opened)
    shown = Model(opened.control).html()
    assert "hello &lt;script&gt;" in shown
    assert "<script>" not in shown
    assert "errors &lt;b&gt;" in shown


def test_an_account_that_is_gone_is_said_not_raised():
    class Gone(ControlFace):
        def ask(self, name, **params):
            raise LearnerError("no account answers")

    model = Model(Gone())
    assert (model.message, model.clock) == (ADVICE, "no account")
    assert "Functions: none" in model.html()


def test_the_widgets_buttons_do_what_they_say(opened):
    panel = Panel(opened.control)
    assert list(panel.buttons) == ["Refresh", "+1 min", "+1 h", "Run until quiet"]
    panel.buttons["+1 h"].click()
    assert panel.model.clock.startswith("2027-01-15 09:00:00")
    assert "One hour has passed." in panel.widget.children[1].value


def test_a_notebook_shows_timeline_and_dashboard(opened):
    opened.client("cloudwatch").put_dashboard(DashboardName="d", DashboardBody=json.dumps({"widgets": []}))
    here = NotebookAccount(opened.control)
    assert here.timeline()._repr_svg_().startswith("<svg")
    assert "no widgets" in here.dashboard("d")._repr_svg_()
    with pytest.raises(LearnerError, match="no dashboard"):
        here.dashboard("none")


def test_without_an_announced_account_there_is_a_way_to_one(monkeypatch):
    monkeypatch.delenv("COURSE_CONTROL_URL", raising=False)
    with pytest.raises(LearnerError, match="course up"):
        account()
