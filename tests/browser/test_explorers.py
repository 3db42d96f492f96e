"""The explorers in a real Chromium: alive in their pages, by keyboard, in both themes, without scripts, and as a widget."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser.conftest import ROOT
from tests.courseware.web.models import NAMES, answers

pytestmark = pytest.mark.timeout(300)


def _pages():
    """The first page that shows each explorer."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "book").glob("[a-z]*/*.md")):
        for name in re.findall(r"^```\{explorer\} (\S+)$", file.read_text("utf-8"), re.M):
            found.setdefault(name, f"{file.parent.name}/{file.stem}.html")
    return found


@pytest.fixture(scope="module")
def seen(drive):
    return drive("explorers.mjs", json.dumps(_pages()))


def test_each_explorer_has_its_page(seen):
    assert sorted(seen["visits"]) == NAMES


def test_the_page_says_what_the_model_computes(seen):
    for answer in answers(*[(name, {}) for name in NAMES]):
        visit = seen["visits"][answer["name"]]
        assert visit["sentence"] == answer["sentence"]
        assert visit["role"] == "status"
        assert visit["links"] == len(answer["aws"])
        assert visit["open"]


def test_explorers_meet_wcag_22_aa_in_both_themes(seen):
    assert {name: visit["violations"] for name, visit in seen["visits"].items() if visit["violations"]} == {}


def test_explorers_ask_nobody_and_complain_of_nothing(seen):
    for visit in seen["visits"].values():
        assert (visit["noted"]["foreign"], visit["noted"]["failed"], visit["noted"]["errors"]) == ([], [], [])


def test_fields_sliders_and_lists_are_turned_by_keyboard(seen):
    turned = seen["turned"]
    assert "No setting answers within 400 ms." in turned["none"]
    assert turned["bounded"] == "60000"
    assert (turned["parallel"]["field"], turned["parallel"]["spoken"]) == ("4", "4")
    wanted = answers(("memory-price", {"parallel": 4}), ("memory-price", {"parallel": 4, "architecture": "arm64"}))
    assert [turned["parallel"]["says"], turned["arm"]] == [answer["sentence"] for answer in wanted]


def test_nothing_moves_when_a_model_comes_alive_or_is_turned(seen):
    assert seen["turned"]["height"] == seen["turned"]["height_after"]
    assert seen["turned"]["shifts"] < 0.01


def test_without_scripts_the_picture_and_its_words_are_there(seen):
    assert seen["still"] == {"sentence": seen["turned"]["first"], "picture": 1, "disabled": True}


def test_a_page_without_explorers_does_not_load_them(seen):
    assert seen["notebook"]["defined_elsewhere"] is False


def test_the_notebook_s_widget_follows_python_and_tells_it_what_the_reader_did(seen):
    shown = seen["notebook"]["shown"]
    first, then, last = answers(
        ("memory-price", {"compute_ms": 600, "wait_ms": 100}),
        ("memory-price", {"compute_ms": 600, "wait_ms": 100, "parallel": 4}),
        ("memory-price", {"compute_ms": 600, "wait_ms": 50, "parallel": 4}),
    )
    assert (shown["first"], shown["said"], shown["field"]) == (first["sentence"], then["sentence"], "4")
    assert (shown["wait_ms"], shown["fastest"]) == (50, last["result"]["fastest"])
    assert shown["heard"] == []
    assert shown["notes"] == len(first["aws"]) + len(first["assumed"])
