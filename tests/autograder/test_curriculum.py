"""The curriculum as data: ten modules, eighty topics, and nothing half-filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.curriculum import load_curriculum
from autograder.errors import ContentError
from autograder.lab import find_labs

ROOT = Path(__file__).parents[2]


@pytest.fixture
def written(tmp_path):
    def write(text):
        (tmp_path / "book").mkdir()
        (tmp_path / "book" / "curriculum.toml").write_text(text, "utf-8")
        return tmp_path

    return write


def test_the_course_has_ten_modules_of_eight_topics():
    modules = load_curriculum(ROOT).modules
    assert [module.id for module in modules] == [f"m{number}" for number in range(1, 11)]
    topics = [topic.id for module in modules for topic in module.topics]
    assert topics == [f"m{module}-t{topic}" for module in range(1, 11) for topic in range(1, 9)]


def test_a_topic_knows_its_page():
    module = load_curriculum(ROOT).module("m2")
    assert module.page(module.topics[1]) == "events/queues"


def test_a_learner_is_led_to_the_page_of_a_topic_or_told_its_title():
    curriculum = load_curriculum(ROOT)
    assert curriculum.read_on("m2-t2") == "SQS: scaling and partial batches (m2-t2, events/queues.html in the book)"
    assert curriculum.read_on("m6-t3") == "Dashboards (m6-t3)"
    assert curriculum.read_on("another-course") == "another-course"


def test_every_lab_step_names_topics_that_are_there():
    topics = load_curriculum(ROOT).topics
    named = {topic for lab in find_labs(ROOT / "labs") for step in lab.steps for topic in step.topics}
    assert named
    assert named - set(topics) == set()


def test_an_unknown_module_is_answered_with_those_there_are():
    with pytest.raises(ContentError, match=r"no module 'm11'; there are m1, m2"):
        load_curriculum(ROOT).module("m11")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing is there"),
        ("[[module]]\nid = 'm1'", "m1 has no title"),
        ("[[module]]\nid = 'one'\ntitle = 'One'", "'one' is not of the form"),
        ("[[module]]\nid = 'm1'\ntitle = 'One'\n[[module]]\nid = 'm1'\ntitle = 'Two'", "used twice: m1"),
        ("[[module]]\nid = 'm1'\ntitle = 'One'\ntopic = [{id = 'm2-t1', title = 'T'}]", "topic m2-t1 stands in module m1"),
        (
            "[[module]]\nid = 'm1'\nslug = 'one'\ntitle = 'One'\ntopic = [{id = 'm1-t1', title = 'T', slug = 't'}]",
            "m1-t1 needs a slug and an objective",
        ),
    ],
)
def test_what_is_wrong_is_named(written, text, says):
    with pytest.raises(ContentError, match=says):
        load_curriculum(written(text))
