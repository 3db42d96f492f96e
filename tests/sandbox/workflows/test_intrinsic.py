"""Intrinsic functions; examples of the guide, "intrinsic-functions"."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.ids import Ids
from sandbox.workflows.failure import Failure
from sandbox.workflows.intrinsic import check
from sandbox.workflows.scope import Scope

DATA = {
    "name": "Arnav",
    "list": [1, 2, 3, 4, 5, 6, 7, 8, 9],
    "want": 5,
    "doubles": [1, 2, 3, 3, 3],
    "json": '{"number": 20}',
    "object": {"a": {"b": 1}},
    "other": {"c": 2},
    "words": "1,2;3",
    "(odd)": 7,
}


def _value(text: str) -> Any:
    return Scope(DATA, {"Execution": {"Name": "run"}}, Ids(1)).value(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("States.Format('Hello, my name is {}.', $.name)", "Hello, my name is Arnav."),
        (r"States.Format('{} and \'{}\' in \\ \{\}', $.want, 'b')", r"5 and 'b' in \ {}"),
        ("States.Format('{}', $.object)", '{"a":{"b":1}}'),
        ("States.StringToJson($.json)", {"number": 20}),
        ("States.JsonToString($.object)", '{"a":{"b":1}}'),
        ("States.Array(1, 'two', true, null, -1.5)", [1, "two", True, None, -1.5]),
        ("States.ArrayPartition($.list, 4)", [[1, 2, 3, 4], [5, 6, 7, 8], [9]]),
        ("States.ArrayContains($.list, $.want)", True),
        ("States.ArrayRange(1, 9, 2)", [1, 3, 5, 7, 9]),
        ("States.ArrayGetItem($.list, 5)", 6),
        ("States.ArrayLength($.list)", 9),
        ("States.ArrayUnique($.doubles)", [1, 2, 3]),
        ("States.Base64Encode('Data to encode')", "RGF0YSB0byBlbmNvZGU="),
        ("States.Base64Decode('RGVjb2RlZCBkYXRh')", "Decoded data"),
        ("States.Hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("States.JsonMerge($.object, $.other, false)", {"a": {"b": 1}, "c": 2}),
        ("States.MathAdd(111, -1)", 110),
        ("States.StringSplit($.words, ',;')", ["1", "2", "3"]),
        ("States.ArrayLength(States.StringSplit(States.Format('{},{}', 'a', $$.Execution.Name), ','))", 2),
        ("States.MathAdd($['(odd)'], 1)", 8),
    ],
)
def test_functions_give_what_the_guide_says(text: str, value: Any) -> None:
    assert _value(text) == value


def test_chance_is_seeded_and_within_bounds() -> None:
    assert 1 <= _value("States.MathRandom(1, 999)") < 999
    assert _value("States.UUID()") == _value("States.UUID()")
    assert len(_value("States.UUID()")) == 36


@pytest.mark.parametrize(
    "text",
    [
        "States.Format('{}')",
        "States.ArrayGetItem($.list, 99)",
        "States.StringToJson('{')",
        "States.ArrayRange(1, 5000, 1)",
        "States.Base64Decode('%')",
        "States.Hash('a', 'MD9')",
        "States.JsonMerge($.object, $.other, true)",
        "States.MathAdd('x', 1)",
    ],
)
def test_what_cannot_be_computed_is_an_intrinsic_failure(text: str) -> None:
    with pytest.raises(Failure) as failed:
        _value(text)
    assert failed.value.error == "States.IntrinsicFailure"


def test_calls_are_checked_before_they_run() -> None:
    assert check("States.Format('a {}', $.b)") == ""
    assert "States.Fly is not an intrinsic function" in check("States.Fly($.b)")
    assert check("States.Format('a") != ""
    assert check("States.Array(1") != ""
