"""A kernel of the course: what a cell's error looks like, and what is said below it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request

import boto3
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from courseware.account_ended import ADVICE
from courseware.kernel import load_ipython_extension
from courseware.lab_session import Lab
from courseware.panel import Model
from sandbox.account import local_account
from sandbox.control.client import ControlClient

CALL = "import boto3\nsqs = boto3.client('sqs')\n\ndef ask():\n    sqs.get_queue_url(QueueName='none')\n\nask()"


@pytest.fixture(scope="module")
def run():
    """What a cell shows: (its own output with the traceback, what is said below)."""
    shell = InteractiveShell(colors="nocolor")
    load_ipython_extension(shell)

    def run_cell(code):
        with capture_output() as shown:
            shell.run_cell(code)
        return shown.stdout, shown.stderr

    return run_cell


@pytest.fixture
def sleep_put_back(monkeypatch):
    """A lab puts a sleep of its own in the place of Python's."""
    monkeypatch.setattr(time, "sleep", time.sleep)  # noqa: TID251 - looked at, not slept


@pytest.fixture
def opener_put_back(monkeypatch):
    """A kernel puts an opener of its own in the place of Python's."""
    monkeypatch.setattr(urllib.request, "_opener", None)


@pytest.fixture(scope="module")
def opened():
    with local_account() as account:
        yield account


@pytest.fixture
def beside(opened, monkeypatch):
    """The environment of a kernel that was started beside the account."""
    for name, value in {**opened.environ(), **opened.control.environ()}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return opened


@pytest.fixture
def beside_another(beside, monkeypatch):
    """As ``beside``, but a new account listens there meanwhile, with keys and a token of its own."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("COURSE_CONTROL_TOKEN", "the token of the account before")
    return beside


def test_of_a_refused_call_the_learners_own_lines_are_shown_and_aws_words(run, beside):
    shown, below = run(CALL)
    assert "-> 5     sqs.get_queue_url(QueueName='none')" in shown
    assert "7 ask()" in shown
    assert "QueueDoesNotExist" in shown
    assert "botocore" not in shown
    assert below == ""


def test_an_error_while_handling_another_shows_both_when_both_are_the_learners(run):
    shown, _ = run("try:\n    {}['first']\nexcept KeyError:\n    [][1]")
    assert "KeyError" in shown
    assert "IndexError" in shown


def test_an_error_of_a_library_shows_the_line_that_called_it_alone(run):
    shown, _ = run("import json\njson.loads('{')")
    assert "json.loads('{')" in shown
    assert "decoder.py" not in shown


def test_what_is_no_python_is_shown_as_ever(run):
    shown, below = run("x = = 1")
    assert "SyntaxError: invalid syntax" in shown + below
    assert "x = = 1" in shown + below


def test_a_missing_name_says_how_to_run_the_cells_above(run):
    shown, below = run("print(lambda_)")
    assert "NameError" in shown
    assert "`lambda_`" in below
    assert "Run All Above Selected Cell" in below


def test_a_call_to_an_account_that_was_replaced_says_how_to_begin_again(run, beside_another):
    shown, below = run(CALL)
    assert "The security token included in the request is invalid" in shown
    assert below.strip() == ADVICE


def test_a_call_to_nobody_says_how_to_begin_again_without_a_word_of_sockets(run, beside, monkeypatch):
    for name in ("AWS_ENDPOINT_URL", "COURSE_CONTROL_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    shown, below = run(CALL)
    assert "EndpointConnectionError" in shown
    assert "NewConnectionError" not in shown
    assert below.strip() == ADVICE


def test_keys_that_are_wrong_by_themselves_are_not_taken_for_an_ended_account(run, beside, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    assert run(CALL)[1] == ""


def test_a_check_beside_an_ended_account_is_no_failure_of_the_learners(beside_another, sleep_put_back, capsys):
    lab = Lab("function-url")
    capsys.readouterr()
    lab.check(lab.lab.steps[0].id)
    assert capsys.readouterr().out.strip() == ADVICE


def test_a_kernel_still_sleeps_between_cells_when_its_account_has_ended(beside_another, sleep_put_back):
    Lab("function-url")
    time.sleep(0)  # noqa: TID251 - as ipykernel does after a cell's error; it never woke up from what this raised


def test_the_panel_says_it_too(beside_another, opened):
    url = opened.control.environ()["COURSE_CONTROL_URL"]
    assert Model(ControlClient(url, "the token of the account before")).message == ADVICE


def test_a_long_sleep_in_any_notebook_moves_the_accounts_clock(beside, sleep_put_back):
    load_ipython_extension(InteractiveShell(colors="nocolor"))
    before = beside.control.now()["now"]
    time.sleep(3 * 3600)  # noqa: TID251 - as the page on queues does
    assert beside.control.now()["now"] >= before + 3 * 3600


def test_on_aws_a_long_sleep_is_one(beside, sleep_put_back, monkeypatch):
    slept = []
    monkeypatch.setattr("courseware.long_sleeps._REAL_SLEEP", slept.append)
    load_ipython_extension(InteractiveShell(colors="nocolor"))
    monkeypatch.delenv("COURSE_CONTROL_URL")  # as courseware.aws does where cells go to AWS
    time.sleep(60)  # noqa: TID251 - noted, not slept
    assert slept == [60]


def test_an_address_of_aws_leads_to_the_account(beside, sleep_put_back, opener_put_back):
    load_ipython_extension(InteractiveShell(colors="nocolor"))
    apis = boto3.client("apigateway")
    api = apis.create_rest_api(name="hello")["id"]
    place = {"restApiId": api, "resourceId": apis.get_resources(restApiId=api)["items"][0]["id"], "httpMethod": "GET"}
    apis.put_method(**place, authorizationType="NONE")
    apis.put_integration(**place, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    apis.put_method_response(**place, statusCode="200")
    apis.put_integration_response(**place, statusCode="200", responseTemplates={"application/json": '{"here": true}'})
    apis.create_deployment(restApiId=api, stageName="live")
    address = f"https://{api}.execute-api.{beside.region}.amazonaws.com/live"
    with urllib.request.urlopen(address) as answer:
        assert json.load(answer) == {"here": True}
    with pytest.raises(urllib.error.HTTPError, match="403") as refused:
        urllib.request.urlopen(f"{address}/nothing?like=this")
    assert json.load(refused.value) == {"message": "Missing Authentication Token"}


def test_an_address_of_aws_beside_an_ended_account_says_how_to_begin_again(beside, opener_put_back, monkeypatch):
    shell = InteractiveShell(colors="nocolor")
    monkeypatch.setattr("courseware.kernel.long_sleeps_jump", lambda _control: None)
    load_ipython_extension(shell)
    for name in ("AWS_ENDPOINT_URL", "COURSE_CONTROL_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with capture_output() as shown:
        shell.run_cell("import urllib.request\nurllib.request.urlopen('https://a.execute-api.us-east-1.amazonaws.com/live')")
    assert shown.stderr.strip() == ADVICE


def test_on_aws_an_address_of_aws_leads_there(beside, sleep_put_back, opener_put_back, monkeypatch):
    gone_out = []
    monkeypatch.setattr(urllib.request.HTTPSHandler, "https_open", lambda _self, request: gone_out.append(request.host) or "AWS")
    load_ipython_extension(InteractiveShell(colors="nocolor"))
    monkeypatch.delenv("AWS_ENDPOINT_URL")  # as courseware.aws does where cells go to AWS
    monkeypatch.setattr(urllib.request._opener, "process_response", {})
    urllib.request.urlopen("https://abc.execute-api.eu-central-1.amazonaws.com/live")
    assert gone_out == ["abc.execute-api.eu-central-1.amazonaws.com"]
