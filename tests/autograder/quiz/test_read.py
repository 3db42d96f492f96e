"""What authors write is read as it is meant, or refused with file, item and fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.curriculum import load_curriculum
from autograder.errors import ContentError
from autograder.quiz import load_items
from autograder.quiz.read import read_file

ROOT = Path(__file__).parents[3]
CHOICES = """
type: single
choices:
- {text: Yes it is, why: Because., correct: true}
- {text: Not at all, why: Because not.}
"""


def test_the_bank_of_the_course_is_sound_and_has_every_type():
    items = load_items(ROOT, load_curriculum(ROOT))
    assert {item.type for item in items} == {"single", "multiple", "numeric", "order", "match", "predict", "fault"}


def test_choices_have_keys_by_their_place(read):
    body = read(CHOICES).body
    assert [(choice.key, choice.correct) for choice in body.choices] == [("a", True), ("b", False)]


def test_a_numeric_answer_can_be_a_limit_by_name(read):
    assert read("type: numeric\nanswer: timeout_s.max\nunit: s\nwhy: It is so.\n").body.value == 900


def test_a_numeric_answer_can_be_held_by_a_cited_fact(read):
    assert read("type: numeric\nfacts: [Q-03]\nanswer: 900\nunit: s\nwhy: It is so.\n").body.accepts(900)


def test_a_faulty_line_is_found_by_a_piece_of_it_and_blank_lines_cannot_be_chosen(read):
    item = read('type: fault\ncode: |\n  x = 1\n\n  y = x / 0\nfault: "/ 0"\nwhy: It divides.\notherwise: Fine.\n')
    assert [(choice.key, choice.correct, choice.why) for choice in item.body.choices] == [
        ("1", False, "Fine."),
        ("3", True, "It divides."),
    ]


def test_what_a_prediction_prints_becomes_its_right_choice(read):
    item = read("type: predict\ncode: print(1)\nwhy: It prints.\nchoices:\n- {text: '2', why: No.}\n")
    assert [choice.text for choice in item.with_output("1\n").body.choices] == ["1", "2"]
    with pytest.raises(ValueError, match="marked as wrong is what the code prints"):
        item.with_output("2\n")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("type: guess\n", r"`type:` is 'guess'; it must be one of single"),
        (CHOICES.replace(", correct: true", ""), "0 choices say `correct: true`; this type needs 1"),
        (CHOICES.replace("single", "multiple") + "- {text: Not at all, why: Again.}", "two choices have the same text"),
        (CHOICES.replace("why: Because.", "reason: x"), "`reason:` is not known here"),
        (CHOICES + "colour: red\n", "`colour:` is not known here"),
        (CHOICES + "facts: [Q-999]\n", "fact 'Q-999' is unverified or not in"),
        (CHOICES.replace("Because not.", "'{fact}`Q-999`'"), "no fact 'Q-999'"),
        (CHOICES.replace("Because not.", "'{term}`x`'"), "role {term} is not known here"),
        ("type: numeric\nanswer: 7\nunit: s\nwhy: W.\n", "no fact in `facts:` holds the answer 7"),
        ("type: numeric\nanswer: nothing.max\nunit: s\nwhy: W.\n", "no limit 'nothing'"),
        ("type: numeric\nanswer: 7\nderived: true\nunit: s\nwhy: W.\nmistakes: [{value: 7, why: W.}]\n", "accepted as right"),
        ("type: fault\ncode: |\n  x\n  x\nfault: x\nwhy: W.\notherwise: O.\n", "'x' stands in 2 lines of the code"),
        ("type: order\nsteps: [{text: A, why: W.}]\n", "`steps:` has 1 entries"),
        ("type: match\npairs: [{left: A, right: B, why: W.}, {left: A, right: C, why: W.}]\n", "two pairs have the same left"),
        ("type: predict\nwhy: W.\nchoices: [{text: A, why: W.}]\n", "needs `code:`"),
    ],
)
def test_what_is_wrong_is_named_with_its_item(read, body, says):
    with pytest.raises(ContentError, match=r"m2\.yaml: item an-item: .*" + says.replace("{", r"\{")):
        read(body)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("- id: An Item\n  topic: m2-t4\n", "lower-case words"),
        ("- id: x\n  topic: m3-t1\n", "this file's topics are m2-t1"),
        ("- id: x\n  topic: m2-t4\n  level: 3\n", "`level:` is 3"),
        ("- just words\n", "no entry with keys"),
        ("id: x\n", "a quiz is a list"),
        ("- [\n", "m2.yaml"),
    ],
)
def test_what_is_wrong_with_the_head_is_named(read, head, says):
    with pytest.raises(ContentError, match=says):
        read(CHOICES if "topic" in head else "", head=head)


def test_an_id_is_used_once_in_the_whole_bank(tmp_path):
    folder = tmp_path / "assessments" / "quizzes"
    folder.mkdir(parents=True)
    item = "- id: same\n  topic: {}-t1\n  level: apply\n  difficulty: 1\n  question: What?\n  type: numeric\n"
    item += "  answer: timeout_s.max\n  unit: s\n  why: So.\n"
    for module in ("m1", "m2"):
        (folder / f"{module}.yaml").write_text(item.format(module), "utf-8")
    with pytest.raises(ContentError, match=r"m2\.yaml: item same is there already"):
        load_items(tmp_path, load_curriculum(ROOT))


def test_a_quiz_that_is_no_list_is_refused(tmp_path):
    (tmp_path / "m1.yaml").write_text("items: []\n", "utf-8")
    with pytest.raises(ContentError, match="a quiz is a list of items"):
        read_file(tmp_path / "m1.yaml", load_curriculum(ROOT))
