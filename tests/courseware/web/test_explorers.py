"""What every explorer keeps to: bounds, facts, words, and markup that reads without a picture."""

from __future__ import annotations

import random
import re

import pytest

from sandbox.facts import facts, limits, strange_figures
from tests.courseware.web.models import NAMES, WEB, answers

BROKEN = re.compile(r"NaN|undefined|Infinity|\[object")


def _values(inputs, pick):
    chosen = {}
    for row in inputs:
        chosen[row["id"]] = pick([key for key, _ in row["options"]]) if row.get("options") else pick([row["min"], row["max"]])
    return chosen


@pytest.fixture(scope="module")
def by_default():
    return {answer["name"]: answer for answer in answers(*[(name, {}) for name in NAMES])}


def test_the_page_loads_each_model_and_names_no_other():
    page = (WEB / "src" / "explorers" / "shell" / "page.js").read_text("utf-8")
    assert sorted(re.findall(r'import\("\.\./([a-z-]+)\.js"\)', page)) == NAMES
    assert len(NAMES) == 7


@pytest.mark.parametrize("name", NAMES)
def test_a_model_begins_within_its_bounds_and_a_slider_leads_back_to_where_it_was(by_default, name):
    answer = by_default[name]
    assert answer["taken"] == {row["id"]: row["value"] for row in answer["inputs"]}
    for row in answer["slides"]:
        assert row["min"] <= row["value"] <= row["max"]
        assert row["there_and_back"] == pytest.approx(row["value"], rel=0.1), row["id"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of_aws_is_in_the_facts(by_default, name):
    answer = by_default[name]
    assert set(answer["uses"]) <= set(limits())
    assert answer["aws"]
    assert answer["assumed"]
    for words, fact_id in answer["aws"]:
        fact = facts()[fact_id]
        assert fact.confidence != "unverified"
        assert strange_figures(words, fact) == set(), words


@pytest.mark.parametrize("name", NAMES)
def test_every_control_has_a_label_and_the_picture_its_words_and_table(by_default, name):
    markup = by_default[name]["markup"]
    ids = re.findall(r' id="([^"]+)"', markup)
    assert len(ids) == len(set(ids)) == len(by_default[name]["inputs"])
    assert sorted(re.findall(r'<label for="([^"]+)"', markup)) == sorted(ids)
    assert markup.count('type="range"') == len(re.findall(r'aria-label="[^"]+, slider"', markup))
    assert 'role="img" aria-label="' in markup
    assert "<caption>" in markup
    assert markup.count('scope="row"') == len(by_default[name]["rows"]) > 1


@pytest.mark.parametrize("name", NAMES)
def test_no_corner_of_the_bounds_breaks_words_or_picture(by_default, name):
    inputs = by_default[name]["inputs"]
    draw = random.Random(11)
    corners = [_values(inputs, lambda of: of[0]), _values(inputs, lambda of: of[-1])]
    corners += [_values(inputs, draw.choice) for _ in range(6)]
    for answer in answers(*[(name, corner) for corner in corners]):
        assert not BROKEN.search(answer["sentence"] + answer["markup"]), answer["taken"]


def test_what_is_out_of_bounds_is_taken_as_the_nearest_bound_and_nonsense_as_the_default():
    taken = answers(("memory-price", {"compute_ms": 10**9, "parallel": "many", "architecture": "mips", "wait_ms": -5}))[0][
        "taken"
    ]
    assert taken == {"compute_ms": 60_000, "wait_ms": 0, "parallel": 1, "target_ms": 2000, "architecture": "x86_64"}
