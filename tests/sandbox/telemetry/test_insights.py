from __future__ import annotations

import json
import time

import pytest

from sandbox.errors import AwsError
from sandbox.telemetry.insights import Query
from sandbox.telemetry.insights_fields import Event

START_MS = 1_800_000_000_000
ID = "8286a188-ba32-4475-8077-530cd35c09a9"
REPORT = (
    f"REPORT RequestId: {ID}\tDuration: 12.50 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 41 MB\t"
    "Init Duration: 110.20 ms\t\n"
)


def event(message, at_s=0, group="/aws/lambda/f", number=0):
    at = START_MS + at_s * 1000
    return Event(group, "123456789012", "stream", at, at, message, str(number))


def run(text, *messages, group="/aws/lambda/f"):
    """Messages a minute apart; results as one dictionary a row, without the pointers."""
    events = [event(message, at * 60, group, at) for at, message in enumerate(messages)]
    rows, _ = Query(text).run(events)
    return [{cell["field"]: cell["value"] for cell in row if cell["field"] != "@ptr"} for row in rows]


def test_the_newest_event_comes_first_with_time_and_message():
    assert run("fields @timestamp, @message | limit 1", "old", "new") == [
        {"@timestamp": "2027-01-15 08:01:00.000", "@message": "new"}
    ]


def test_lambda_lines_have_their_figures():
    """CloudWatch Logs user guide, "Supported logs and discovered fields", Lambda."""
    query = 'filter @type = "REPORT" | display @requestId, @duration, @billedDuration, @initDuration, @memorySize, @maxMemoryUsed'
    assert run(query, f"START RequestId: {ID} Version: $LATEST\n", REPORT) == [
        {
            "@requestId": ID,
            "@duration": "12.5",
            "@billedDuration": "13",
            "@initDuration": "110.2",
            "@memorySize": "128000000",
            "@maxMemoryUsed": "41000000",
        }
    ]


def test_the_guides_query_for_overprovisioned_memory_works():
    """CloudWatch Logs user guide, sample queries for Lambda: "Determine the amount of overprovisioned memory"."""
    query = """filter @type = "REPORT"
      | stats max(@memorySize / 1000 / 1000) as provisonedMemoryMB,
        min(@maxMemoryUsed / 1000 / 1000) as smallestMemoryRequestMB,
        avg(@maxMemoryUsed / 1000 / 1000) as avgMemoryUsedMB,
        max(@maxMemoryUsed / 1000 / 1000) as maxMemoryUsedMB,
        provisonedMemoryMB - maxMemoryUsedMB as overProvisionedMB"""
    (row,) = run(query, REPORT)
    assert (row["provisonedMemoryMB"], row["avgMemoryUsedMB"], row["overProvisionedMB"]) == ("128", "41", "87")


def test_json_fields_are_found_with_dots_and_numbers():
    message = json.dumps({"user": {"id": 7, "tags": ["a", "b"]}, "ok": True})
    assert run('filter user.id = 7 and user.tags.1 = "b" | display ok', message, '{"user": {"id": 8}}') == [{"ok": "true"}]


def test_lambda_messages_may_have_text_before_their_json_and_others_not():
    assert run("filter ms > 5 | display ms", 'INFO {"ms": 9} rest') == [{"ms": "9"}]
    assert run("filter ms > 5 | display ms", 'INFO {"ms": 9} rest', group="/other") == []


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        ("ms = 20", True),
        ("ms != 20", False),
        ("ms >= 20 and ms < 21", True),
        ("not ms > 20", True),
        ("ms > 20 or level = 'ERROR'", True),
        ('level in ["WARN", "ERROR"]', True),
        ('level not in ["WARN"]', True),
        ("level like 'RRO'", True),
        ("level like /^err/", False),
        ("level like /(?i)^err/", True),
        ("level =~ /OR$/", True),
        ("level not like /OR$/", False),
        ("ispresent(ms) and not ispresent(none)", True),
        ("none = 1 or none != 1", False),
        ("isblank(text) and strlen(level) = 5", True),
        ("ms % 7 = 6 and ms / 4 = 5 and 2 ^ 3 = 8 and -ms = 0 - 20", True),
        ("(ms + 1) * 2 = 42", True),
        ("coalesce(none, ms) = 20", True),
        ("strcontains(level, 'ERR') = 1", True),
        ("greatest(ms, 3, 50) = 50 and floor(20.9) = ms", True),
        ("substr(level, 1, 3) = 'RRO' and tolower(level) = 'error'", True),
        ("`ms` = 20  # a comment", True),
    ],
)
def test_conditions(condition, matches):
    message = json.dumps({"ms": 20, "level": "ERROR", "text": " "})
    assert bool(run(f"filter {condition}", message)) is matches


def test_parse_takes_pieces_by_glob_and_by_expression():
    message = "user=ann, took=30ms, path=/a/b\n"
    assert run('parse @message "user=*, took=*ms, path=*" as user, took, path | display user, took, path', message) == [
        {"user": "ann", "took": "30", "path": "/a/b"}
    ]
    assert run(r"parse @message /took=(?<took>\d+)ms.*path=(?<path>\S+)/ | display took, path", message, "nothing") == [
        {},
        {"took": "30", "path": "/a/b"},
    ]


def test_statistics_by_group_and_time():
    messages = [json.dumps({"route": route, "ms": ms}) for route, ms in (("/a", 10), ("/b", 5), ("/a", 30), ("/a", 20))]
    columns = "count(*), sum(ms) as total, avg(ms), min(ms), max(ms), pct(ms, 50) as p50, count_distinct(ms)"
    assert run(f"stats {columns} by route | sort route", *messages) == [
        {
            "route": "/a",
            "count(*)": "3",
            "total": "60",
            "avg(ms)": "20",
            "min(ms)": "10",
            "max(ms)": "30",
            "p50": "20",
            "count_distinct(ms)": "3",
        },
        {
            "route": "/b",
            "count(*)": "1",
            "total": "5",
            "avg(ms)": "5",
            "min(ms)": "5",
            "max(ms)": "5",
            "p50": "5",
            "count_distinct(ms)": "1",
        },
    ]
    assert run("stats count(*) as n by bin(2m) as slot | sort slot asc", *messages) == [
        {"slot": "2027-01-15 08:00:00.000", "n": "2"},
        {"slot": "2027-01-15 08:02:00.000", "n": "2"},
    ]


def test_an_error_rate_is_arithmetic_over_aggregates():
    messages = [json.dumps({"bad": bad}) for bad in (1, 0, 0, 0)]
    assert run("stats 100 * sum(bad) / count(*) as rate", *messages) == [{"rate": "25"}]


def test_sort_limit_and_dedup_in_the_order_they_are_written():
    messages = [json.dumps({"k": k, "v": v}) for k, v in (("a", 1), ("b", 9), ("a", 5), ("c", 3))]
    assert run("sort v desc | dedup k | display k, v", *messages) == [
        {"k": "b", "v": "9"},
        {"k": "a", "v": "5"},
        {"k": "c", "v": "3"},
    ]
    assert run("stats max(v) as top by k | sort top asc | limit 1", *messages) == [{"k": "c", "top": "3"}]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bogus x",
        "fields",
        "filter a ==",
        "filter (a = 1",
        "filter a in [1",
        "stats wrong(a)",
        "stats count(*) by",
        'parse @message "a=*" as x, y',
        'parse @message "a=*"',
        "filter a like /(x+)+/",
        "limit many",
        "limit 0",
        "pattern @message",
        "filter " + "(" * 100 + "a",
        "filter " + "not " * 100 + "a",
        "fields a | | fields ;",
        "filter a = 'open",
        "x" * 10_001,
    ],
)
def test_what_is_no_query_is_malformed(text):
    with pytest.raises(AwsError) as caught:
        Query(text).run([event("m")])
    assert caught.value.code == "MalformedQueryException"


def test_twenty_thousand_events_are_answered_quickly():
    """A log group of this account holds no more; a second would still be slow."""
    events = [event(json.dumps({"ms": number, "route": f"/{number % 9}"}), number) for number in range(20_000)]
    started = time.perf_counter()
    rows, matched = Query("filter ms >= 10000 | stats avg(ms), count(*) by route | sort route").run(events)
    assert (len(rows), matched) == (9, 10_000)
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize("number", ["Infinity", "NaN", "1e400", "1" + "0" * 400])
def test_numbers_beyond_all_bounds_do_not_break_a_query(number):
    message = f'{{"ms": {number}}}'
    for text in (
        "fields ms, ms * 2, bin(5m)",
        "stats sum(ms), max(ms) by bin(1h)",
        "fields fromMillis(ms) as t, datefloor(ms, 5m)",
    ):
        assert len(run(text, message)) == 1
    assert len(run("fields fromMillis(1e18) as t", message)) == 1
