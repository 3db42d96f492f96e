"""The self-test with real processes: it passes a box that holds and finds what a leaking one lets through."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.isolate import choose
from autograder.isolate.bubblewrap import Bubblewrap
from autograder.isolate.landlock import Landlock
from autograder.isolate.self_test import why_not
from autograder.isolate.unsafe import Unsafe


def test_the_chosen_box_is_one_of_the_strong_on_this_machine():
    assert choose().name in ("bubblewrap", "unshare", "landlock")


def test_a_box_that_is_none_does_not_pass():
    reason = why_not(Unsafe())
    assert "reaches another service on loopback" in reason


@dataclass(frozen=True, slots=True)
class PathsOnly(Landlock):
    """Landlock's box without landlock."""

    def seal(self, port):
        return Landlock.seal(self, port) | {"landlock": False}


def test_a_filter_alone_does_not_pass():
    reason = why_not(PathsOnly())
    assert "reads a file of this machine" in reason
    assert "writes a file of this machine" in reason
    assert "may signal a process outside" in reason


@dataclass(frozen=True, slots=True)
class Missing(Bubblewrap):
    program: str = "no-such-program"


def test_a_program_that_is_not_installed_is_named():
    assert why_not(Missing()) == "no-such-program is not installed"


@dataclass(frozen=True, slots=True)
class Refused(Bubblewrap):
    program: str = "false"


def test_a_program_that_does_not_work_here_is_told_in_its_own_words():
    assert why_not(Refused()) == "exit status 1"
