from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sandbox.errors import AwsError
from sandbox.functions.runtimes import blocked_from, require, require_snap_start

OFFERED = ("python3.10", "python3.13", "python3.14")


def at(day):
    return datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()


def test_the_days_come_from_the_facts():
    assert blocked_from()["python3.10"] == (date(2027, 2, 1), date(2027, 3, 3))
    assert blocked_from()["python3.8"] == blocked_from()["python3.9"]


def test_an_old_runtime_is_taken_until_the_day_aws_blocks_it():
    assert require("python3.10", OFFERED, at("2027-01-31"), "create") == "python3.10"
    with pytest.raises(AwsError, match=r"python3\.10 is no longer supported .* new runtime \(python3\.14\)"):
        require("python3.10", OFFERED, at("2027-02-01"), "create")


def test_updates_are_blocked_later_than_creates():
    assert require("python3.10", OFFERED, at("2027-03-02"), "update") == "python3.10"
    with pytest.raises(AwsError, match="no longer supported"):
        require("python3.10", OFFERED, at("2027-03-03"), "update")


@pytest.mark.parametrize("runtime", ["python3.7", "python2.7"])
def test_runtimes_ended_long_ago_are_refused_today(runtime):
    with pytest.raises(AwsError, match="no longer supported"):
        require(runtime, OFFERED, at("2026-11-20"), "create")


def test_another_language_is_refused_with_what_there_is():
    with pytest.raises(AwsError, match=r"Value nodejs24.x at 'runtime'.*\[python3.10, python3.13, python3.14\]") as caught:
        require("nodejs24.x", OFFERED, at("2026-11-20"), "create")
    assert caught.value.code == "InvalidParameterValueException"


def test_snap_start_begins_with_python_3_12():
    require_snap_start("python3.12")
    with pytest.raises(AwsError, match=r"python3\.11 is not supported for SnapStart"):
        require_snap_start("python3.11")
