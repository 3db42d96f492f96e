"""The book on paper, printed by a real Chromium: whole, and a page as a reader prints it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from courseware.machine import find_chromium
from courseware.web.pdf import print_book

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def printed(book, tmp_path_factory):
    if find_chromium() is None:
        pytest.skip("no Chromium on PATH")
    target = tmp_path_factory.mktemp("pdf") / "book.pdf"
    print_book(ROOT, book, target, ["index", "events/index", "events/quiz", "reference/glossary"])
    return target.read_bytes()


def test_pages_are_printed_each_beginning_a_sheet(printed):
    assert printed.startswith(b"%PDF-")
    assert 6 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 35  # 23 are the fifty questions of the quiz with their answers


def test_it_has_an_outline_and_tags_for_screen_readers(printed):
    assert b"/Outlines" in printed
    assert b"/StructTreeRoot" in printed


def test_links_between_pages_lead_within_the_document(printed):
    assert len(re.findall(rb"/Dest\b|/GoTo\b", printed)) > 4
    assert b"book.invalid" not in printed


@pytest.fixture(scope="module")
def by_reader(drive):
    return drive("on_paper.mjs", "events/quiz.html", "labs/function-url.html", "architecture/cold-starts.html")


def test_a_page_is_printed_light_and_is_dark_again_after(by_reader):
    assert {(seen["on_paper"], seen["after"]) for seen in by_reader.values()} == {("light", "dark")}


def test_nothing_to_press_and_no_answer_is_on_paper(by_reader):
    assert {page: seen["unwanted"] for page, seen in by_reader.items() if seen["unwanted"]} == {}


def test_what_is_read_is_on_paper_and_nothing_of_it_is_cut_off(by_reader):
    assert {page: seen["cut"] for page, seen in by_reader.items() if seen["cut"]} == {}
    assert all(seen["words"] > 1_000 for seen in by_reader.values())


def test_a_page_takes_few_sheets(by_reader):
    most = {"events/quiz.html": 12, "labs/function-url.html": 7, "architecture/cold-starts.html": 10}
    assert {page: seen["sheets"] for page, seen in by_reader.items() if seen["sheets"] > most[page]} == {}
