"""Numbers are read as the person meant them who wrote them; what could be two is asked again."""

from __future__ import annotations

import pytest

from autograder.quiz.number import number_of

NUMBERS = {
    "1000": 1000,
    "1,000": 1000,
    "1,234,567.5": 1_234_567.5,
    "1.000,5": 1000.5,
    "1.234.567": 1_234_567,
    "1 000": 1000,
    "10_000": 10_000,
    "1\u202f000,5": 1000.5,
    "351,0": 351,
    "351.0": 351,
    "0,125": 0.125,
    "0.0000002": 0.0000002,
    ",5": 0.5,
    "1000,5": 1000.5,
    "1234,567": 1234.567,
    "1200.": 1200,
    "-3,5": -3.5,
    "\u22122": -2,
    "+7": 7,
}
COULD_BE_TWO = ["1,00,000", "1,000,00", "1,000,00.5", "12,34,5", "1.000.00", "1.00,000", "1..5", "0,000,001", "1 2,"]
NONE = ["", ",", ".", "-", "ten", "1e3", "351 ms", "--1", "0x10", "9" * 16, "Infinity"]


@pytest.mark.parametrize(("written", "number"), NUMBERS.items())
def test_a_number_is_read_as_it_is_meant(written, number):
    assert number_of(written) == number


@pytest.mark.parametrize("written", COULD_BE_TWO)
def test_what_could_be_two_numbers_is_asked_again(written):
    with pytest.raises(ValueError, match="more than one way"):
        number_of(written)


@pytest.mark.parametrize("written", NONE)
def test_what_is_no_number_is_none(written):
    assert number_of(written) is None
