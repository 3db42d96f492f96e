"""What time it is inside a function: the account's in virtual time, its own under a fault rule of the kind ``clock``."""

from __future__ import annotations

import sys

import pytest

CLOCKS = """
import datetime, pickle, time
from datetime import datetime as imported
from time import time as kept

class Meter:
    clock = time.monotonic
    def read(self):
        return self.clock()

def handler(event, context):
    now = datetime.datetime.now(datetime.UTC)
    return {
        "time": time.time(),
        "time_ns": time.time_ns() / 1e9,
        "kept": kept(),
        "now": now.timestamp(),
        "imported": imported.now(datetime.UTC).timestamp(),
        "gmtime": __import__("calendar").timegm(time.gmtime()),
        "strftime": datetime.datetime.strptime(time.strftime("%Y-%m-%dT%H:%M:%S+0000"), "%Y-%m-%dT%H:%M:%S%z").timestamp(),
        "counted": Meter().read(),
        "today": str(datetime.date.today()),
        "same": pickle.loads(pickle.dumps(now)) == now,
        "ordinary": type(now) is datetime.datetime,
    }
"""
DATES = ("time", "time_ns", "kept", "now", "imported", "gmtime", "strftime")
HOUR_S = 3600


@pytest.fixture(params=["inline"] if sys.platform == "emscripten" else ["inline", "process"])
def virtual_lab(request, tmp_path, runtime_laboratory):
    laboratory = runtime_laboratory(request.param, tmp_path, virtual=True)
    yield laboratory
    laboratory.close()


def test_a_function_lives_in_the_accounts_time_and_a_rule_moves_its_date_alone(virtual_lab):
    function = virtual_lab.function(CLOCKS)
    start = virtual_lab.clock.now()
    first = function.answer()
    skewed = function.answer(skew_s=HOUR_S)
    virtual_lab.clock.move_to(virtual_lab.clock.now() + 86_400)
    later = function.answer()
    assert {name: first[name] - start for name in DATES} == dict.fromkeys(DATES, pytest.approx(0, abs=5))
    assert {name: skewed[name] - start for name in DATES} == dict.fromkeys(DATES, pytest.approx(HOUR_S, abs=5))
    assert {name: later[name] - start for name in DATES} == dict.fromkeys(DATES, pytest.approx(86_400, abs=5))
    counted = [each["counted"] for each in (first, skewed, later)]
    assert counted[1] - counted[0] < 5
    assert counted[2] - counted[0] == pytest.approx(86_400, abs=5)
    assert (first["today"], later["today"]) == ("2027-01-15", "2027-01-16")
    assert first["same"]


def test_logs_are_stamped_with_the_accounts_time_whatever_the_functions_date(virtual_lab):
    report = virtual_lab.function("def handler(event, context):\n    print('x')\n").call(skew_s=HOUR_S)
    assert report.logs[0].at == pytest.approx(virtual_lab.clock.now(), abs=5)


def test_in_real_time_a_rule_reaches_names_that_were_imported_before_it(any_lab):
    function = any_lab.function(CLOCKS)
    before, struck, after = function.answer(), function.answer(skew_s=-HOUR_S), function.answer()
    now = any_lab.clock.now()
    assert {name: struck[name] - now for name in DATES} == dict.fromkeys(DATES, pytest.approx(-HOUR_S, abs=10))
    for untouched in (before, after):
        assert {name: untouched[name] - now for name in DATES} == dict.fromkeys(DATES, pytest.approx(0, abs=10))
    assert struck["same"]


def test_without_a_rule_a_processes_clocks_are_pythons_own(process_lab):
    assert process_lab.function(CLOCKS).answer()["ordinary"] is True
