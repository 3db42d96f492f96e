"""``lab.toml``: read whole, or refused with the key that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import LabError
from autograder.lab import find_labs, load_lab

GOOD = """
title = "T"
goal = "G"
minutes = 5
cost = "nothing"
names = { function = "f" }
steps = [{ id = "one-step", title = "One", hints = ["do it"] }]
"""


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lab.toml").write_text(text)
    return folder


def test_a_lab_is_read_with_its_steps_and_names(tmp_path: Path) -> None:
    lab = load_lab(write(tmp_path / "queue-worker", GOOD))
    assert (lab.slug, lab.name("function"), lab.step("one-step").hints) == ("queue-worker", "f", ("do it",))
    assert lab.check_file("one-step").name == "test_one_step.py"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "T"', "", "title is missing"),
        ("minutes = 5", 'minutes = "5"', "minutes is missing or is no int"),
        ('id = "one-step"', 'id = "One Step"', "lower-case words"),
        ('hints = ["do it"]', "hints = []", "at least one hint"),
        ("steps = [{", "steps = [] # [{", "at least one step"),
        ("title", "= title", "lab.toml"),
    ],
)
def test_a_malformed_lab_names_what_is_wrong(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(LabError, match=says):
        load_lab(write(tmp_path / "lab", GOOD.replace(old, new, 1)))


def test_what_aws_sets_stands_in_hints_and_goal_by_its_fact(tmp_path: Path) -> None:
    text = GOOD.replace('"do it"', '"AWS advises {fact}`six times <S-08>` that."').replace(
        '"G"', '"Stay below {limit}`timeout_s.max`."'
    )
    lab = load_lab(write(tmp_path / "lab", text))
    assert (lab.goal, *lab.steps[0].hints) == ("Stay below 900 s.", "AWS advises six times that.")
    with pytest.raises(LabError, match="fact S-08 does not say 7"):
        load_lab(write(tmp_path / "other", text.replace("six", "seven")))


def test_what_a_lab_uses_is_priced_from_the_facts(tmp_path: Path) -> None:
    uses = "[uses]\nprice_request_usd = 1000\nprice_x86_gb_s_usd = 20\nprice_sqs_request_usd = 1\n"
    lab = load_lab(write(tmp_path / "lab", GOOD.replace('cost = "nothing"', "") + uses))
    made_of = "20 GB-s ($0.00033), 1,000 Lambda requests ($0.00020), 1 SQS request ($0.00000040)"
    assert lab.cost == f"About $0.00053 without any free tier: {made_of}."


def test_a_lab_that_uses_what_has_no_price_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="'timeout_s', which is no price"):
        load_lab(write(tmp_path / "lab", GOOD + "[uses]\ntimeout_s = 3\n"))


def test_a_folder_without_lab_toml_is_no_lab(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="is no lab"):
        load_lab(tmp_path)


def test_an_unknown_step_is_answered_with_the_ids_there_are(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="its steps are one-step"):
        load_lab(write(tmp_path / "lab", GOOD)).step("two")


def test_templates_are_not_labs(tmp_path: Path) -> None:
    write(tmp_path / "b", GOOD)
    write(tmp_path / "a", GOOD)
    write(tmp_path / "_template", GOOD)
    assert [lab.slug for lab in find_labs(tmp_path)] == ["a", "b"]
