"""What a learner is asked, and what is read out of the text they write."""

from __future__ import annotations

import pytest

from autograder.quiz import mark
from autograder.quiz.question import ANSWER_CHARS_MAX, asked

SINGLE = """
    type: single
    choices:
      - {text: Right, correct: true, why: Because.}
      - {text: Wrong, why: Not so.}
      - {text: Also wrong, why: Nor this.}
"""
MULTIPLE = SINGLE.replace("single", "multiple").replace("text: Wrong,", "text: Wrong no more, correct: true,")
FAULT = """
    type: fault
    code: |
      def handler(event, context):

          return 1 / 0
    fault: 1 / 0
    why: It divides.
    otherwise: This line is fine.
"""
NUMERIC = """
    type: numeric
    answer: 1200
    derived: true
    unit: s
    why: So many.
"""
ORDER = """
    type: order
    steps:
      - {text: One, why: First.}
      - {text: Two, why: Second.}
      - {text: Three, why: Third.}
"""
MATCH = """
    type: match
    pairs:
      - {left: Cat, right: Miaow, why: Cats.}
      - {left: Dog, right: Woof, why: Dogs.}
    extra: [Moo]
"""


def label(question, key):
    return next(shown for shown, hidden in question.labels.items() if hidden == key)


def test_what_is_shown_has_every_choice_and_says_of_none_that_it_is_right(read):
    text = asked(read(SINGLE), 3, "salt").text
    assert text.startswith("### Question 3")
    assert all(f" {words}\n" in f"{text}\n" for words in ("Right", "Wrong", "Also wrong"))
    assert "Because" not in text
    assert "correct" not in text


def test_letters_differ_between_salts_and_stay_for_one(read):
    orders = {tuple(asked(read(SINGLE), 1, str(salt)).labels.values()) for salt in range(20)}
    assert len(orders) > 1
    assert asked(read(SINGLE), 1, "salt") == asked(read(SINGLE), 1, "salt")


def test_a_letter_is_read_however_it_is_written(read):
    question = asked(read(SINGLE), 1, "salt")
    right = label(question, "a")
    for written in (f"Answer: {right}", f"answer: {right.lower()}\n", f" `{right}`", f"Answer: **{right})**"):
        assert mark(question.item, question.read(written)).right


@pytest.mark.parametrize("written", ["", "Answer:", "Answer:  \n", "  "])
def test_a_blank_is_no_answer(read, written):
    assert asked(read(SINGLE), 1, "salt").read(written) is None


@pytest.mark.parametrize(
    ("body", "written"),
    [
        (SINGLE, "A, B"),
        (SINGLE, "Right"),
        (SINGLE, "Z"),
        (SINGLE, "__import__('os')"),
        (NUMERIC, "nan"),
        (NUMERIC, "twelve"),
        (NUMERIC, "9" * 100),
        (NUMERIC, "1" * (ANSWER_CHARS_MAX + 1)),
        (MATCH, "1 A, 1 B"),
        (MATCH, "7 A"),
        (MATCH, "1 A and then"),
        (FAULT, "2"),
        (FAULT, "return 1 / 0"),
    ],
)
def test_what_is_no_answer_of_that_form_is_refused_with_a_word_on_the_form(read, body, written):
    with pytest.raises(ValueError, match="Write"):
        asked(read(body), 1, "salt").read(written)


def test_several_letters_are_read_with_and_without_commas(read):
    question = asked(read(MULTIPLE), 1, "salt")
    first, second = label(question, "a"), label(question, "b")
    for written in (f"{first}, {second}", f"{second}{first}", f"{first} {second}".lower()):
        assert mark(question.item, question.read(written)).right


def test_numbers_may_have_thousands_and_a_unit(read):
    question = asked(read(NUMERIC), 1, "salt")
    assert "Unit: s." in question.text
    for written in ("1200", "1,200", "Answer: 1200.0 s", "1,200 seconds", "1200,0 s", "1.200,0", "1 200 s"):
        assert mark(question.item, question.read(written)).right
    for written in ("-1200", "1.200", "120,0"):
        assert not mark(question.item, question.read(written)).right


def test_a_number_that_could_be_two_says_how_to_write_it(read):
    question = asked(read(NUMERIC), 1, "salt")
    with pytest.raises(ValueError, match="without separators, with a point for decimals"):
        question.read("1,200,0 s")
    with pytest.raises(ValueError, match="Write a number, with a point for decimals"):
        question.read("12e2")


def test_a_line_is_named_by_its_number(read):
    question = asked(read(FAULT), 1, "salt")
    assert "  3      return 1 / 0" in question.text
    assert mark(question.item, question.read("Answer: line 3")).right
    assert not mark(question.item, question.read("1")).right


def test_an_order_is_all_letters_in_a_row(read):
    question = asked(read(ORDER), 1, "salt")
    rightly = " ".join(label(question, key) for key in "abc")
    assert mark(question.item, question.read(rightly)).right
    with pytest.raises(ValueError, match="every step"):
        mark(question.item, question.read(rightly[:1]))


def test_pairs_are_numbers_with_letters(read):
    question = asked(read(MATCH), 1, "salt")
    cat, dog = label(question, "Miaow"), label(question, "Woof")
    for written in (f"1 {cat}, 2 {dog}", f"2={dog.lower()}; 1={cat}", f"1{cat} 2{dog}", f"1: {cat}\n2: {dog}"):
        assert mark(question.item, question.read(written)).right
    assert mark(question.item, question.read(f"1 {cat}")).share == 0.5
