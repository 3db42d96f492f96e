"""The alarm rings for callers of the alias, falls silent again, and does not ring for anybody who tries $LATEST."""

from autograder.checks.expect import expect

BROKEN = b'{"item": "nothing we sell"}'


def _state(aws, lab):
    alarms = aws("cloudwatch").describe_alarms(AlarmNames=[lab.name("alarm")])["MetricAlarms"]
    expect(alarms, f"There is no alarm {lab.name('alarm')}.")
    return alarms[0]["StateValue"]


def test_errors_of_a_draft_wake_nobody(aws, lab, session):
    _state(aws, lab)
    aws("lambda").invoke(FunctionName=lab.name("function"), Payload=BROKEN)
    session.wait(180)
    expect(
        _state(aws, lab) != "ALARM",
        "A failing call of $LATEST rings the alarm: watch the alias (dimension Resource), not the function.",
    )


def test_an_error_of_a_caller_rings_the_alarm_and_quiet_ends_it(aws, lab, session):
    for _ in range(3):
        aws("lambda").invoke(FunctionName=lab.name("function"), Qualifier=lab.name("alias"), Payload=BROKEN)
    session.wait(120)
    expect(_state(aws, lab) == "ALARM", f"Callers got errors, and two minutes later the alarm says {_state(aws, lab)}.")
    session.wait(600)
    expect(
        _state(aws, lab) == "OK", f"Ten quiet minutes later the alarm says {_state(aws, lab)}; no calls is no reason to ring on."
    )
