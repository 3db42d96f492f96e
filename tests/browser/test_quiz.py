"""A reader at a module's quiz in a real Chromium: every type, by keyboard, with and without storage and scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.curriculum import load_curriculum
from autograder.quiz import load_items

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seen(drive):
    return drive("quiz.mjs")


def test_checking_nothing_asks_for_an_answer(seen):
    assert seen["empty"]["verdict"] == "Choose one first."


def test_a_wrong_choice_is_explained_and_the_right_one_is_not_given_away(seen):
    wrong = seen["single_wrong"]
    assert (wrong["state"], wrong["verdict"]) == ("wrong", "Not right.")
    assert "The execution role says what the function may do" in wrong["says"]
    assert "both permissions" not in wrong["says"]
    assert wrong["focus"] == "Try again"


def test_the_right_choice_brings_every_explanation(seen):
    right = seen["single_right"]
    assert (right["state"], right["verdict"]) == ("right", "Right.")
    assert "both permissions" in right["says"]
    assert "Nothing has to be requested" in right["says"]


def test_half_of_several_right_choices_is_not_enough(seen):
    assert "something is missing" in seen["multiple_part"]["verdict"]


def test_choices_stay_chosen_when_one_tries_again(seen):
    assert seen["multiple_right"]["state"] == "wrong"  # a and b are right; c came on top of them


def test_enter_in_a_number_checks_it_and_a_known_mistake_is_explained(seen):
    assert seen["numeric_wrong"]["state"] == "wrong"
    assert "run at the same time" in seen["numeric_wrong"]["says"]


def test_a_number_that_could_be_two_is_asked_again(seen):
    assert "more than one way" in seen["numeric_two"]["verdict"]


def test_steps_are_put_in_order_by_keyboard(seen):
    assert seen["order_right"]["state"] == "right"


def test_matched_pairs_are_counted(seen):
    assert seen["match_part"]["verdict"] == "Not right. 1 of 3 are matched."


def test_the_output_to_predict_is_what_the_code_printed(seen):
    assert seen["predict_right"]["state"] == "right"


def test_a_line_that_is_not_at_fault_is_explained(seen):
    assert "It is the other statement" in seen["fault_wrong"]["says"]


def test_an_answered_quiz_meets_wcag_22_aa(seen):
    assert seen["violations"] == []


def test_the_map_counts_what_was_answered_right(seen):
    items = sum(item.module == "m2" for item in load_items(ROOT, load_curriculum(ROOT)))
    assert seen["map"].endswith(f"3 of {items} questions right")


def test_what_was_missed_is_due_after_a_day_on_the_first_page(seen):
    assert seen["due_today"] == ""
    assert seen["due_tomorrow"] == "5 questions that you missed are due again."
    assert seen["asked"] == [
        "url-403-public",
        "url-requests-per-second",
        "url-right-front",
        "url-spot-the-leak",
        "url-status-meanings",
    ]
    assert seen["again_right"]["state"] == "right"
    assert seen["due_after"] == "4 questions that you missed are due again."


def test_links_in_a_fetched_question_lead_to_the_facts(seen):
    assert seen["fact_link"] == "/reference/facts.html"


def test_only_what_was_missed_is_asked_again(seen):
    assert seen["kept"]["url-before-your-code"] == {"right": True, "at": seen["kept"]["url-before-your-code"]["at"]}
    assert seen["kept"]["url-403-public"]["box"] == 1


def test_progress_moves_to_another_browser_by_file_and_joins_what_is_there(seen):
    moved = seen["moved"]
    assert moved["said"].startswith("Taken in")
    assert moved["read"] == "true"
    assert {"own-item", "url-403-public"} <= set(moved["items"])
    assert "no progress file of this course" in moved["refused"]


def test_nothing_foreign_was_asked_and_nothing_complained(seen):
    assert (seen["noted"]["foreign"], seen["noted"]["failed"], seen["noted"]["errors"]) == ([], [], [])


def test_it_works_without_storage_and_reads_without_scripts(seen):
    assert seen["bare"]["without_storage"] == "Right."
    assert "is right" in seen["bare"]["without_scripts"]
