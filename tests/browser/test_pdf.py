"""The book on paper, printed by a real Chromium."""

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
    assert 6 <= len(re.findall(rb"/Type\s*/Page\b", printed)) < 80  # the quiz alone has some forty questions with their answers


def test_it_has_an_outline_and_tags_for_screen_readers(printed):
    assert b"/Outlines" in printed
    assert b"/StructTreeRoot" in printed


def test_links_between_pages_lead_within_the_document(printed):
    assert len(re.findall(rb"/Dest\b|/GoTo\b", printed)) > 4
    assert b"book.invalid" not in printed
