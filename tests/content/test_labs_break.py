"""In each lab the learner sees failure happen: breaks something by a fault rule, moves the clock, reads what happened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.lab import Lab, find_labs
from autograder.submission import cells_of_myst

LABS = find_labs(Path(__file__).parents[2] / "labs")
BY_HAND = {
    "cross-account": "what fails is a right that was not given or is taken back, and that the learner does without a rule",
    "kms-environment": "what fails is a key that the learner disables, and an account has no better way to break it",
    "least-privilege": "what fails is a call the role may not make, and taking the right away is the lesson",
}
EVENT_LABS = [lab for lab in LABS if lab.slug not in BY_HAND]

RULE = re.compile(r"\blab\.faults\.add\(")
JUMP = re.compile(r"\btime\.sleep\((?!0\.|0\))")  # a literal 0 is what the learner changes, a part of a second no jump
READING = re.compile(r"\blab\.(?:story|timeline)\(")
SOURCE_OF_A_FUNCTION = re.compile(r"'{3}.*?'{3}", re.DOTALL)  # sleeps in there are the function's


def cells(lab: Lab) -> tuple[str, str]:
    """The code that a learner runs: that of the steps, and all."""
    found = [(cell.tags, SOURCE_OF_A_FUNCTION.sub("", cell.code)) for cell in cells_of_myst(lab.source.read_text("utf-8"))]
    steps = [code for tags, code in found if any(tag.startswith("step-") for tag in tags)]
    return "\n".join(steps), "\n".join(code for _, code in found)


@pytest.mark.parametrize("lab", EVENT_LABS, ids=lambda lab: lab.slug)
def test_a_lab_breaks_something_moves_the_clock_and_shows_what_happened(lab: Lab) -> None:
    steps, every = cells(lab)
    solution = "\n".join(path.read_text("utf-8") for path in (lab.folder / "solution").glob("*.py"))
    assert RULE.search(steps), "no step adds a fault rule (lab.faults.add)"
    assert RULE.search(solution), "the finished steps add no fault rule"
    assert JUMP.search(every), "no cell moves the clock (time.sleep)"
    assert READING.search(every), "no cell reads lab.story() or lab.timeline()"


def test_the_labs_that_break_by_hand_are_there_and_take_no_rule() -> None:
    """A lab that learns to break by a rule leaves the list."""
    listed = {lab.slug: cells(lab)[0] for lab in LABS if lab.slug in BY_HAND}
    assert listed.keys() == BY_HAND.keys()
    assert [slug for slug, code in listed.items() if RULE.search(code)] == []
