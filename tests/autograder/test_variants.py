"""Values that vary from learner to learner, always the same for the same one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autograder.variants import Choice, default_variant, rewritten, variant_of

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


def test_files_get_a_learners_values_where_they_are_written_and_nowhere_else() -> None:
    first = Choice("first", "a", ("a", "b"), ("order[{first}]",))
    second = Choice("second", "b", ("a", "b"), ("order[{second}]",))
    minutes = Choice("minutes", 10, (10, 12), ("Threshold: {minutes*60}",))
    files = {"app.py": b"order[a] + order[b] - a", "template.yaml": b"Threshold: 600\nTimeout: 10\n", "logo.png": b"\x89\xff"}
    mine = rewritten(files, [first, second, minutes], {"first": "b", "second": "a", "minutes": 12})
    assert mine == {**files, "app.py": b"order[b] + order[a] - a", "template.yaml": b"Threshold: 720\nTimeout: 10\n"}
    assert rewritten(files, [first, second, minutes], default_variant([first, second, minutes])) == files
