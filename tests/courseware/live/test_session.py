"""Cells as a page runs them: output as it comes, the last value, errors cut down to the learner's lines, one account."""

from __future__ import annotations

import json

import pytest

from courseware.live.account import page_account
from courseware.live.display import TEXT_CHARS_MAX, show
from courseware.live.in_page import start
from courseware.live.record import record
from courseware.live.session import Session


@pytest.fixture
def run():
    session = Session()
    written = []

    def one(code, name="1"):
        written.clear()
        ran = session.run(code, name, lambda stream, text: written.append((stream, text)))
        return ran, "".join(text for _, text in written)

    return one


def test_the_last_expression_is_the_value_and_prints_come_first(run):
    ran, output = run("print('one')\n40 + 2")
    assert (output, ran.value, ran.ok) == ("one\n", "42\n", True)


@pytest.mark.parametrize("code", ["x = 1", "1;", "None", ""])
def test_a_cell_may_have_no_value(run, code):
    assert run(code)[0].value == ""


def test_names_live_on_from_cell_to_cell(run):
    run("x = 20")
    assert run("x + 1")[0].value == "21\n"


def test_an_error_names_the_readers_lines_and_no_others(run):
    run("import json\ndef read(text):\n    return json.loads(text)", "1")
    ran, _ = run("read('{')", "2")
    assert not ran.ok
    assert ran.error.splitlines()[0] == "Traceback (your lines only):"
    assert 'File "<cell 1>", line 3, in read' in ran.error
    assert 'File "<cell 2>", line 1' in ran.error
    assert "json/decoder" not in ran.error
    assert "JSONDecodeError" in ran.error


def test_a_missing_name_is_told_apart(run):
    assert run("later + 1")[0].missing == "later"
    assert run("1 / 0")[0].missing == ""


def test_a_syntax_error_shows_its_place(run):
    ran, _ = run("print('a'\n")
    assert "SyntaxError" in ran.error
    assert "line 1" in ran.error


def test_leaving_the_interpreter_is_an_error_of_the_cell(run):
    ran, _ = run("import sys; sys.exit(3)")
    assert not ran.ok
    assert "SystemExit: 3" in ran.error


def test_output_and_values_are_bounded(run):
    assert len(run("print('x' * 10_000_000)")[1]) < TEXT_CHARS_MAX * 6
    assert len(show("y" * 1_000_000).text) < TEXT_CHARS_MAX + 100


def test_a_value_that_draws_itself_is_a_picture(run):
    ran, _ = run("class P:\n    alt = 'a dot'\n    def _repr_svg_(self):\n        return '<svg/>'\nP()")
    assert (ran.svg, ran.alt, ran.value) == ("<svg/>", "a dot", "")


def test_cells_share_one_account_and_sleeping_moves_its_clock(run):
    with page_account():
        run("import boto3, time\nboto3.client('sqs').create_queue(QueueName='q')")
        assert run("len(boto3.client('sqs').list_queues()['QueueUrls'])")[0].value == "1\n"
        assert run("time.sleep(86400)")[0].ok


def test_a_recording_is_the_same_twice_and_every_session_has_an_account_of_its_own():
    first = [{"name": "1", "code": "import boto3\nboto3.client('iam').list_users()['Users'][0]['UserName']"}]
    second = [{"name": "1", "code": "s3 = boto3.client('s3')"}]
    outcomes = record([first, second])
    assert record([first, second]) == outcomes
    assert "boto3" in outcomes[1][0]["error"]


def test_the_page_speaks_json_and_says_when_the_fault_is_ours():
    page = start()
    try:
        assert json.loads(page.run("1 + 1", "1", lambda *_: None))["value"] == "2\n"
        verdict = json.loads(page.check("function-url", "role"))
        assert (verdict["passed"], len(verdict["hints"])) == (False, 3)
        assert "our fault" in json.loads(page.check("function-url", "no-such-step"))["message"]
        assert json.loads(page.timeline())["svg"].startswith("<svg")
        before, after = json.loads(page.look("refresh")), json.loads(page.look("hour"))
        assert after["message"] == "One hour has passed."
        assert after["clock"] > before["clock"]
        assert [table["caption"] for table in after["tables"]] == ["Functions", "Queues", "Alarms", "Newest log lines"]
    finally:
        page.close()
