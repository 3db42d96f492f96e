"""What was missed comes again at growing distances; what was right the first time does not."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from courseware.node import find_node
from courseware.web.node import run_npm

ROOT = Path(__file__).parents[3]
WEB = ROOT / "courseware" / "web"
DAYS = json.loads((WEB / "src" / "schedule.json").read_text("utf-8"))["days"]


@pytest.fixture(scope="module")
def review():
    """Answers as (right, day) to one item; gives the row after each, and the day it is due again."""
    if not (WEB / "node_modules" / "esbuild").is_dir():
        run_npm("ci", "--loglevel=error", cwd=WEB)

    def run(*answers):
        command = [find_node().path, str(Path(__file__).with_name("schedule.mjs")), str(WEB)]
        done = subprocess.run(command, input=json.dumps(answers), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return run


def test_the_distances_grow():
    assert sorted(set(DAYS)) == DAYS
    assert DAYS[0] >= 1


def test_right_the_first_time_is_never_asked_again(review):
    assert review([True, 0], [True, 5]) == [{"right": True, "box": None, "due": None}] * 2


def test_missed_is_due_after_the_first_distance(review):
    assert review([False, 10]) == [{"right": False, "box": 0, "due": 10 + DAYS[0]}]


def test_right_when_due_moves_on_and_at_last_it_is_known(review):
    answers, day = [[False, 0]], 0
    for distance in DAYS:
        day += distance
        answers.append([True, day])
    rows = review(*answers)
    dues = [row["due"] for row in rows]
    assert dues[:-1] == [sum(DAYS[: number + 1]) for number in range(len(DAYS))]
    assert dues[-1] is None


def test_right_at_once_after_a_miss_still_comes_again(review):
    assert review([False, 0], [True, 0.01])[-1] == {"right": True, "box": 0, "due": 0.01 + DAYS[0]}


def test_right_ahead_of_time_changes_nothing(review):
    rows = review([False, 0], [True, 1], [True, 1.5])
    assert rows[2] == rows[1]


def test_missed_again_starts_from_the_beginning(review):
    assert review([False, 0], [True, 1], [True, 4], [False, 11])[-1] == {"right": False, "box": 0, "due": 11 + DAYS[0]}
