from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from courseware.cli import main as entry
from courseware.cli.control import seconds
from courseware.errors import LearnerError
from sandbox.account import LocalAccount, local_account


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3m", 180), ("1h30m", 5400), ("90s", 90), ("2d", 172800), ("500ms", 0.5), ("1h 30m", 5400), ("42", 42)],
)
def test_durations_are_written_as_people_write_them(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "3 parsecs", "m3", "1h30", "--"])
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(LearnerError, match="1h30m"):
        seconds(text)


@pytest.fixture(scope="module")
def account() -> Iterator[LocalAccount]:
    with local_account(virtual_time=True) as running:
        yield running


@pytest.fixture
def course(account: LocalAccount, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[object]:
    info = account.control
    monkeypatch.setenv("COURSE_CONTROL_URL", info.url)
    monkeypatch.setenv("COURSE_CONTROL_TOKEN", info._token)
    monkeypatch.setattr(entry.signal, "signal", lambda *_: None)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = entry.main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    account.reset()
    yield run
    assert "COURSE_CONTROL_URL" in os.environ


def test_time_moves_by_as_much_as_was_asked(course) -> None:
    before = course("clock", "now")[1]
    course("clock", "advance", "1d")
    after = course("clock")[1]
    assert "virtual time, quiet" in before
    assert before[:10] < after[:10]


def test_advance_without_a_duration_says_how_to_write_it(course) -> None:
    code, _, err = course("clock", "advance")
    assert code == 2
    assert "advance 3m" in err


def test_until_quiet_comes_to_an_end(course) -> None:
    assert course("clock", "until-quiet")[0] == 0


def test_a_fault_strikes_is_counted_and_is_removed(course, account: LocalAccount) -> None:
    code, out, _ = course("faults", "add", "--service", "s3", "--error", "SlowDown", "--status", "503", "--count", "1")
    assert code == 0
    assert "SlowDown (503), 1 times" in out
    with pytest.raises(ClientError, match="SlowDown"):
        account.client("s3").list_buckets()
    account.client("s3").list_buckets()
    assert "struck 1 times" in course("faults")[1]
    assert course("faults", "remove", "fault-1")[0] == 0
    assert course("faults", "list")[1] == "no fault rules\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["add", "--service", "s3"], "effect"),
        (["add", "--message", "no"], "--error"),
        (["add", "--latency", "soon"], "1h30m"),
        (["remove"], "remove ID"),
        (["remove", "nobody"], "nobody"),
    ],
)
def test_a_wrong_fault_says_what_to_mend(course, arguments: list[str], complaint: str) -> None:
    code, _, err = course("faults", *arguments)
    assert code == 2
    assert complaint in err


def test_calls_show_who_did_what_and_by_which_statement(course, account: LocalAccount) -> None:
    account.client("sqs").create_queue(QueueName="orders")
    out = course("calls", "--service", "sqs")[1]
    assert "sqs CreateQueue: 200, allowed by" in out
    assert "user/learner on arn:aws:sqs:us-east-1:123456789012:orders" in out
    assert course("calls", "--denied")[1] == "no such calls\n"
    assert json.loads(course("calls", "--json")[1])[0]["operation"] == "CreateQueue"


def test_the_timeline_is_text_json_and_a_page(course, account: LocalAccount, tmp_path: Path) -> None:
    account.client("sqs").create_queue(QueueName="orders")
    assert "CreateQueue" in course("timeline")[1]
    assert json.loads(course("timeline", "--json")[1])
    page = tmp_path / "story.html"
    assert course("timeline", "--html", str(page))[0] == 0
    assert "<svg" in page.read_text()


def test_a_page_that_cannot_be_written_is_a_plain_error(course, tmp_path: Path) -> None:
    code, _, err = course("timeline", "--html", str(tmp_path / "no" / "folder.html"))
    assert code == 2
    assert "--html FILE" in err


def test_the_balance_is_told(course) -> None:
    assert "accepted 0" in course("balance")[1]
    assert json.loads(course("balance", "--json")[1])[0]["balanced"] is True


def test_reset_empties_the_account(course, account: LocalAccount) -> None:
    account.client("sqs").create_queue(QueueName="orders")
    assert course("reset")[1] == "the account is empty\n"
    assert account.client("sqs").list_queues().get("QueueUrls", []) == []


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--kind", "invocation", "--error", "Broken", "--run"], "invocation of anything: Broken, after the handler ran, always"),
        (["--kind", "invocation", "--status", "503", "--body", "{}"], "invocation of anything: answers 503, always"),
        (["--kind", "init", "--resource", "*:resize"], "init resource=*:resize: crashes, always"),
        (["--kind", "environment", "--after", "1500ms", "--count", "1"], "lost after 1.5 s, 1 times"),
        (["--kind", "delivery", "--source", "sqs", "--duplicates", "2", "--delay", "1m"], "2 more of each, held back for 60 s"),
        (["--kind", "clock", "--skew=-600"], "clock off by -600 s"),
        (["--kind", "throttle", "--probability", "0.5"], "TooManyRequestsException (429), always with probability 0.5"),
    ],
)
def test_every_kind_of_fault_can_be_added_and_is_listed_in_words(course, flags: list[str], says: str) -> None:
    code, out, _ = course("faults", "add", *flags)
    assert code == 0
    assert says in out
    assert course("faults")[1] == out


def test_a_fault_for_a_while_ends_on_the_accounts_clock(course, account: LocalAccount) -> None:
    course("faults", "add", "--service", "s3", "--error", "SlowDown", "--for", "10m")
    with pytest.raises(ClientError, match="SlowDown"):
        account.client("s3").list_buckets()
    course("clock", "advance", "11m")
    account.client("s3").list_buckets()
