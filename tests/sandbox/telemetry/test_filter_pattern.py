"""Filter patterns by the examples of the CloudWatch Logs user guide ("Filter pattern syntax")."""

from __future__ import annotations

import json

import pytest

from sandbox.telemetry.filter_pattern import PatternRefused, compiled

ACCESS = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'
TRAIL = json.dumps(
    {
        "eventType": "UpdateTrail",
        "sourceIPAddress": "111.111.111.111",
        "arrayKey": ["value", "another value"],
        "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
        "SomeOtherObject": None,
        "ThisFlag": True,
        "bandwidth": 2.5,
        "key.with.dots": "x",
    }
)


@pytest.mark.parametrize(
    ("pattern", "message", "matches"),
    [
        ("", "anything", True),
        ("ERROR", "[ERROR 400] BAD REQUEST", True),
        ("ERROR", "an error", False),
        ("ERROR ARGUMENTS", "[ERROR 419] MISSING ARGUMENTS", True),
        ("ERROR ARGUMENTS", "[ERROR 401] UNAUTHORIZED", False),
        ("?ERROR ?WARN", "[WARN] hm", True),
        ("?ERROR ?WARN", "[INFO] ok", False),
        ("REPORT ?ERROR", "REPORT alone", True),
        ('"INTERNAL SERVER ERROR"', "[ERROR 500] INTERNAL SERVER ERROR", True),
        ('"INTERNAL SERVER ERROR"', "INTERNAL ERROR", False),
        ("ERROR -ARGUMENTS", "[ERROR 400] BAD", True),
        ("ERROR -ARGUMENTS", "[ERROR 419] MISSING ARGUMENTS", False),
        (r"%4\d\d%", "status 404", True),
        (r"%4\d\d%", "status 304", False),
    ],
)
def test_terms(pattern: str, message: str, matches: bool) -> None:
    assert compiled(pattern).matches(message) is matches


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ('{ $.eventType = "UpdateTrail" }', True),
        ("{ $.eventType = Update* }", True),
        ('{ $.eventType != "UpdateTrail" }', False),
        ("{ $.sourceIPAddress != 123.123.* }", True),
        ('{ $.arrayKey[0] = "value" }', True),
        ("{ $.objectList[1].id = 2 }", True),
        ("{ $.objectList[*].name = b }", True),
        ("{ $.objectList[*].id >= 3 }", False),
        ("{ $.SomeOtherObject IS NULL }", True),
        ("{ $.SomeOtherObject NOT EXISTS }", False),
        ("{ $.nothing NOT EXISTS }", True),
        ("{ $.nothing IS NULL }", False),
        ("{ $.ThisFlag IS TRUE }", True),
        ("{ $.bandwidth > 2 && $.bandwidth < 3 }", True),
        ("{ $.bandwidth = 2.5e0 }", True),
        ("{ ($.bandwidth = 9 || $.ThisFlag IS TRUE) && $.eventType = Update* }", True),
        ("{ $.bandwidth = 9 || $.ThisFlag IS FALSE }", False),
        ("{ $.eventType = %^Update% }", True),
        ("{ $['key.with.dots'] = x }", True),
    ],
)
def test_json_conditions(pattern: str, matches: bool) -> None:
    assert compiled(pattern).matches(TRAIL) is matches


def test_text_that_is_no_json_matches_no_json_condition() -> None:
    assert not compiled("{ $.a NOT EXISTS }").matches("plain text")


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("[ip, env, user, timestamp, request, status_code, bytes]", True),
        ("[ip, env, user, timestamp, request, status_code]", False),
        ("[ip, env, user, timestamp, request, status_code = 4*, bytes]", True),
        ("[ip, env, user, timestamp, request, status_code = 404, bytes > 1000]", True),
        ("[ip, env, user, timestamp, request = *html*, status_code = 2*, bytes]", False),
        ("[..., status_code = 404, bytes]", True),
        ("[ip = 127*, ...]", True),
        ("[ip, env, user, timestamp, request, status_code = 200 || status_code = 404, bytes]", True),
        ("[ip != %^10\\.%, ...]", True),
    ],
)
def test_space_delimited_fields(pattern: str, matches: bool) -> None:
    assert compiled(pattern).matches(ACCESS) is matches


def test_fields_and_values_can_be_taken_out() -> None:
    fields = compiled("[ip, ..., status_code, bytes]").fields(ACCESS)
    assert fields == {"ip": "127.0.0.1", "status_code": "404", "bytes": "1534"}
    assert compiled("{ $.bandwidth > 0 }").value(TRAIL, "$.bandwidth") == 2.5
    assert compiled("{ $.bandwidth > 0 }").value(TRAIL, "$.none.of.it") is None


@pytest.mark.parametrize(
    "pattern",
    ['"open', "{ $.a = 1", "{ $.a }", "{ $.a ~ 1 }", "{ ($.a = 1 }", "[a, b", "[a, , b]", "[..., ...]", "%(a+)+%", "x" * 1025],
)
def test_what_is_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        compiled(pattern)
