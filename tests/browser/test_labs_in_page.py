"""Every lab can be done whole in the page: hints on the way, every reference solution passes, and it is remembered."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from autograder.lab import find_labs

LABS = find_labs(Path(__file__).parents[2] / "labs")


@pytest.fixture(scope="module")
def do_lab(command):
    """One browser for all labs of this process, as a reader has one; each page starts a worker and an account of its own."""
    with subprocess.Popen(command("lab.mjs"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def do(lab):
            process.stdin.write(json.dumps({"slug": lab.slug, "solution": str(lab.folder / "solution")}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield do
        process.stdin.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_a_lab_is_done_in_the_page(do_lab, lab):
    seen = do_lab(lab)
    assert "broke" not in seen, seen["broke"]
    assert seen["before"].startswith(("Not yet.", "The check")), json.dumps(seen)
    assert seen["hint"] == lab.steps[0].hints[0]
    assert {step: words for step, words in seen["after"].items() if not words.startswith("Passed.")} == {}
    assert list(seen["after"]) == [step.id for step in lab.steps]
    assert set(seen["remembered"]) == {"You passed this step."}
    assert seen["errors"] == []
