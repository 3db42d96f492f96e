"""Every page of the book in a real Chromium: nothing foreign, nothing broken, usable by everybody, at every width."""

from __future__ import annotations

import html
import json
import re

import pytest

from courseware.web.runtime_bundle import archives

pytestmark = pytest.mark.timeout(300)  # the first test waits for the book, and for a visit to every page

PAGE_BYTES_MAX = 600_000  # before a cell is touched, uncompressed
RUNTIME_BYTES_MAX = 12_000_000  # fetched once, when a cell is first run, and kept


@pytest.fixture(scope="module")
def visited(book, drive):
    pages = sorted(str(page.relative_to(book)) for page in book.rglob("*.html") if "_static" not in page.parts)
    return drive("pages.mjs", *pages)


def test_the_runtime_of_live_cells_is_light_enough_for_a_slow_line(book):
    parts = archives(book.parents[1] / "assets")
    assert sum(part.size_bytes for part in parts.values()) <= RUNTIME_BYTES_MAX


def test_there_are_pages(visited):
    assert {"index.html", "events/function-url.html", "labs/function-url.html", "reference/facts.html", "search.html"} <= set(
        visited
    )


@pytest.mark.parametrize("kind", ["foreign", "failed", "errors"])
def test_no_page_asks_another_host_or_fails_or_complains(visited, kind):
    assert {page: row[kind] for page, row in visited.items() if row[kind]} == {}


def test_every_page_meets_wcag_22_aa_in_light_and_dark(visited):
    assert {page: row["violations"] for page, row in visited.items() if row["violations"]} == {}


def test_no_page_scrolls_sideways_from_360_pixels_up(visited):
    assert {page: row["overflow"] for page, row in visited.items() if any(row["overflow"].values())} == {}


def test_no_page_shows_markup_that_was_not_understood(visited):
    assert {page: row["raw"] for page, row in visited.items() if row["raw"]} == {}


def test_words_in_diagrams_stay_in_their_boxes_and_off_each_other(visited):
    assert {page: row["cramped"] for page, row in visited.items() if row["cramped"]} == {}


def test_pages_are_light_until_a_cell_is_touched(visited):
    assert {page: row["bytes"] for page, row in visited.items() if row["bytes"] > PAGE_BYTES_MAX} == {}


def test_the_front_page_counts_every_lab_step_that_the_list_of_labs_counts(book):
    first, listed = (counted_steps(book / page) for page in ("index.html", "practice/labs.html"))
    assert first
    assert sorted(first) == sorted(listed)


def counted_steps(page):
    """The steps whose progress a page's map shows, as often as it counts them."""
    cells = re.findall(r'data-kind="steps" data-ids="([^"]*)"', page.read_text("utf-8"))
    return [step for cell in cells for step in json.loads(html.unescape(cell))]


def test_search_finds_a_word_and_leads_to_its_page(drive):
    found = drive("search.mjs", "preflight")
    assert "events/function-url.html" in {link.split("#")[0].split("?")[0] for link in found["links"]}
    assert found["errors"] == []
    assert found["overflow"] == 0
