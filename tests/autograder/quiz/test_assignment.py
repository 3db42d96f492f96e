"""A graded quiz: who is asked what, and what answers come to."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from autograder.curriculum import load_curriculum
from autograder.errors import GraderFault, LabError
from autograder.quiz import load_items
from autograder.quiz.assignment import SHEET_FILE, answer_file, drawn, find_quizzes, load_quiz
from autograder.quiz.grade import graded
from tests.autograder.quiz.right_answers import right_answer

ROOT = Path(__file__).parents[3]
KEY = b"0123456789abcdef"
CURRICULUM = load_curriculum(ROOT)


@pytest.fixture(scope="module")
def bank():
    return load_items(ROOT, CURRICULUM)


@pytest.fixture(scope="module")
def quiz():
    return load_quiz(ROOT / "assessments" / "quiz-m2")


@pytest.fixture
def grade(quiz, bank):
    """Ada's answers: right ones, and on top of them what is given."""

    def grade_it(changed=None, learner="ada"):
        own = drawn(quiz, bank, KEY, "ada")
        files = {answer_file(one.number): right_answer(one) for one in own.questions} | {SHEET_FILE: f"Sheet: {own.code}"}
        return graded(quiz, drawn(quiz, bank, KEY, learner), files | (changed or {}), learner, CURRICULUM)

    return grade_it


def test_every_quiz_of_the_course_can_be_drawn_and_answered_with_full_points(bank):
    for quiz in find_quizzes(ROOT / "assessments"):
        for learner in ("ada", "mary", "grace"):
            own = drawn(quiz, bank, KEY, learner)
            files = {answer_file(one.number): right_answer(one) for one in own.questions}
            report = graded(quiz, own, files, learner, CURRICULUM)
            assert (report.score, report.max) == (quiz.questions * quiz.points,) * 2, report.criteria
            assert {one.item.module for one in own.questions} == set(quiz.modules)


def test_learners_differ_in_questions_and_in_letters_and_each_draw_stays(quiz, bank):
    draws = {learner: drawn(quiz, bank, KEY, learner) for learner in ("ada", "mary", "grace")}
    asked = {learner: [one.item.id for one in own.questions] for learner, own in draws.items()}
    assert len({tuple(ids) for ids in asked.values()}) == 3
    labels = {}
    for own in draws.values():
        for one in own.questions:
            labels.setdefault(one.item.id, []).append(one.labels)
    assert any(first != second for first, *others in labels.values() for second in others)
    assert drawn(quiz, bank, KEY, "ada") == draws["ada"]
    assert drawn(quiz, bank, b"another key", "ada").code != draws["ada"].code


def test_without_a_key_everybody_is_asked_the_same(quiz, bank):
    assert drawn(quiz, bank, b"", "ada") == drawn(quiz, bank, b"", "mary")


def test_a_wrong_an_unreadable_and_a_missing_answer_cost_their_own_points_and_say_why(grade, quiz):
    report = grade({answer_file(1): "Answer: import os; os._exit(0)", answer_file(2): "Answer:"})
    checks = report.criteria[0].checks
    assert report.score == (quiz.questions - 2) * quiz.points
    assert "could not be read: Write" in checks[0].message
    assert "You gave no answer." in checks[1].message
    assert all(check.hint.startswith("Read again: ") for check in checks[:2])
    assert all("You answered" in check.message and not check.hint for check in checks[2:])


def test_a_wrong_choice_is_explained_and_the_right_one_is_not_told(grade, quiz, bank):
    one = next(one for one in drawn(quiz, bank, KEY, "ada").questions if one.item.type == "single")
    chosen = next(choice for choice in one.item.body.choices if not choice.correct)
    right = next(choice for choice in one.item.body.choices if choice.correct)
    letter = next(shown for shown, key in one.labels.items() if key == chosen.key)
    check = next(check for check in grade({answer_file(one.number): letter}).criteria[0].checks if check.id == one.item.id)
    assert check.points == 0
    assert f"You answered {letter}: wrong." in check.message
    assert chosen.why[:20] in check.message
    assert right.why[:20] not in check.message


def test_the_sheet_of_somebody_else_gets_nothing_and_says_so(grade):
    report = grade(learner="mary")
    assert report.score == 0
    assert "was not drawn for mary" in report.criteria[0].checks[0].message


def test_a_sheet_whose_code_was_deleted_counts_as_the_learners_own(grade):
    assert grade({SHEET_FILE: ""}).score == grade().score > 0


def test_a_bank_that_changed_since_the_draw_is_our_fault_and_no_score(quiz, bank, grade):
    own = drawn(quiz, bank, KEY, "ada")
    first = own.questions[0].item
    edited = [dataclasses.replace(item, question="Something else?") if item.id == first.id else item for item in bank]
    with pytest.raises(GraderFault, match="another bank"):
        graded(quiz, drawn(quiz, edited, KEY, "ada"), {SHEET_FILE: own.code}, "ada", CURRICULUM)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("modules = []\nquestions = 5\npoints = 1", "title"),
        ('title = "Q"\nmodules = ["m1"]\nquestions = 5\npoints = 0', "above 0"),
        ('title = "Q"\nmodules = ["m1"]\nquestions = 0\npoints = 1', "1 to 50"),
        ("title = ", "quiz.toml"),
    ],
)
def test_a_malformed_quiz_names_what_is_wrong(tmp_path, text, wrong):
    (tmp_path / "quiz.toml").write_text(text)
    with pytest.raises(LabError, match=wrong):
        load_quiz(tmp_path)


def test_more_questions_than_the_bank_has_are_refused(quiz, bank):
    with pytest.raises(LabError, match="were asked for"):
        drawn(quiz, bank[:3], KEY, "ada")
