from __future__ import annotations

import pytest

from autograder.isolate import BACKENDS, NoBoxError, choice, choose


@pytest.fixture
def machine(monkeypatch):
    """A machine on which the named backends hold and no other."""

    def holds(*names: str) -> None:
        monkeypatch.setattr(choice, "failure", lambda name: "" if name in names else f"no {name} here")

    return holds


def test_the_strongest_box_that_holds_is_chosen(machine):
    for weakest in range(len(BACKENDS)):
        machine(*BACKENDS[weakest:])
        assert choose().name == BACKENDS[weakest]


def test_without_any_box_grading_is_refused_with_every_reason_and_what_mends_it(machine):
    machine()
    with pytest.raises(NoBoxError) as caught:
        choose()
    for words in (*(f"no {name} here" for name in BACKENDS), "bubblewrap", "--allow-unsafe"):
        assert words in str(caught.value)


def test_who_insists_gets_none_and_its_name_says_so(machine):
    machine()
    assert choose(allow_unsafe=True).name == "none"


def test_allowing_what_is_unsafe_takes_no_box_away(machine):
    machine("landlock")
    assert choose(allow_unsafe=True).name == "landlock"


def test_a_named_backend_that_does_not_hold_is_not_replaced_by_another(machine):
    machine("unshare")
    assert choose(backend="unshare").name == "unshare"
    with pytest.raises(NoBoxError, match="no bubblewrap here"):
        choose(backend="bubblewrap")
    with pytest.raises(NoBoxError, match="there is no isolation backend 'none'"):
        choose(backend="none")
