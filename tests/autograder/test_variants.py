"""Values that vary from learner to learner, always the same for the same one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autograder.variants import Choice, default_variant, variant_of

SIDE = Choice("side", 256, (192, 256, 320))
PREFIX = Choice("prefix", "in", ("in", "inbox", "incoming"))


@given(st.binary(min_size=1), st.text())
def test_a_learner_keeps_their_values_when_another_choice_is_added(key: bytes, who: str) -> None:
    alone = variant_of([SIDE], key, who)
    assert alone["side"] in SIDE.values
    assert variant_of([PREFIX, SIDE], key, who)["side"] == alone["side"]


def test_learners_and_courses_differ() -> None:
    drawn = {variant_of([SIDE], b"key", f"learner-{n}")["side"] for n in range(50)}
    assert drawn == set(SIDE.values)
    assert len({variant_of([SIDE], bytes([n]), "ada")["side"] for n in range(50)}) > 1


def test_without_a_key_it_is_what_the_task_says() -> None:
    assert default_variant([SIDE, PREFIX]) == {"side": 256, "prefix": "in"}
