"""Every lab can be done whole in the page: hints on the way, every reference solution passes, and it is remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.lab import find_labs

LABS = find_labs(Path(__file__).parents[2] / "labs")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_a_lab_is_done_in_the_page(drive, lab):
    seen = drive("lab.mjs", lab.slug, lab.folder / "solution")
    assert seen["before"].startswith(("Not yet.", "The check")), json.dumps(seen)
    assert seen["hint"] == lab.steps[0].hints[0]
    assert {step: words for step, words in seen["after"].items() if not words.startswith("Passed.")} == {}
    assert list(seen["after"]) == [step.id for step in lab.steps]
    assert set(seen["remembered"]) == {"You passed this step."}
    assert seen["errors"] == []
