"""Cards as Anki's import reads them."""

from __future__ import annotations

import csv
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.curriculum import load_curriculum
from autograder.errors import ContentError
from autograder.quiz import load_items
from courseware.author.anki import card, write_cards

ROOT = Path(__file__).parents[3]
# docs.ankiweb.net, "Text Files", "File Headers"
DOCUMENTED = {"#separator", "#html", "#notetype", "#deck", "#guid column", "#tags column"}


class Balanced(HTMLParser):
    """Which elements a field has, and which it leaves open; one closed out of turn stays there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1:] == [tag]:
            self.open.pop()


def test_the_bank_becomes_one_line_a_card_below_the_header(tmp_path):
    target = tmp_path / "cards.txt"
    count = write_cards(ROOT, target, "m2")
    lines = target.read_text("utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    cards = [line.split("\t") for line in lines[len(head) :]]
    assert head[:2] == ["#separator:tab", "#html:true"]
    assert len(cards) == count
    assert {len(fields) for fields in cards} == {4}
    assert len({fields[0] for fields in cards}) == count
    assert {line.partition(":")[0] for line in head} <= DOCUMENTED
    assert list(csv.reader(lines[len(head) :], delimiter="\t")) == cards  # no field begins a quotation
    for _, front, back, _tags in cards:
        for field in (front, back):
            reader = Balanced()
            reader.feed(field)
            reader.close()
            assert reader.open == []
            assert reader.seen
            assert not reader.seen - {"div", "p", "ul", "ol", "li", "pre", "code", "em", "strong", "b", "br"}


def test_a_prediction_carries_what_its_code_prints(tmp_path):
    target = tmp_path / "cards.txt"
    write_cards(ROOT, target, "m2")
    line = next(line for line in target.read_text("utf-8").splitlines() if line.startswith("lambda-url-predict-string\t"))
    assert "(200, &#x27;{&quot;status&quot;: 404, &quot;body&quot;: &quot;no such order&quot;}&#x27;)" in line.split("\t")[2]


def test_a_card_shows_the_choices_and_answers_with_the_right_one_and_why():
    items = {item.id: item for item in load_items(ROOT, load_curriculum(ROOT))}
    _, front, back, tags = card(items["url-403-public"]).split("\t")
    assert front.count("<li>") == 4
    assert back.count("<p>") == 2
    assert "both permissions" in back
    assert tags == "m2-t4 diagnose"


def test_a_card_is_set_to_the_left_and_a_matching_shows_what_there_is_to_choose_from():
    items = {item.id: item for item in load_items(ROOT, load_curriculum(ROOT))}
    item = items["lambda-choose-what-you-operate".removeprefix("lambda-")]
    _, front, back, _tags = card(item).split("\t")
    assert front.startswith('<div style="text-align:left">')
    assert back.startswith('<div style="text-align:left">')
    assert all(right in front for right in item.body.rights)


def test_an_unknown_module_is_said_to_be_one(tmp_path):
    with pytest.raises(ContentError, match="no module 'm77'"):
        write_cards(ROOT, tmp_path / "cards.txt", "m77")
