from __future__ import annotations

import pytest

from sandbox.errors import AwsError
from sandbox.telemetry.alarm_rule import AlarmRule

STATES = {"a": "ALARM", "b": "OK", "c": "INSUFFICIENT_DATA", "with space": "ALARM"}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("ALARM(a)", True),
        ("ALARM(b)", False),
        ("OK(b) AND INSUFFICIENT_DATA(c)", True),
        ("ALARM(b) OR ALARM(a) AND OK(c)", False),
        ("(ALARM(b) OR ALARM(a)) AND NOT OK(c)", True),
        ("NOT ALARM(a)", False),
        ('ALARM("with space")', True),
        ("ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:a)", True),
        ("alarm(a) and not (ok(a) or FALSE)", True),
        ("TRUE", True),
    ],
)
def test_a_rule_is_judged_by_the_states_of_its_alarms(text, holds):
    assert AlarmRule(text).holds(STATES.__getitem__) is holds


@pytest.mark.parametrize("text", ["", "ALARM", "ALARM(a", "ALARM(a) ALARM(b)", "WRONG(a)", "ALARM(a) AND", "(" * 200, 'ALARM("a'])
def test_a_rule_that_is_none_is_a_validation_error(text):
    with pytest.raises(AwsError) as caught:
        AlarmRule(text)
    assert caught.value.code == "ValidationError"


def test_a_rule_knows_its_children_once_each():
    assert AlarmRule("ALARM(a) OR OK(a) OR ALARM(b)").children == ["a", "b"]
