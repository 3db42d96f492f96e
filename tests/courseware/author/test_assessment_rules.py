"""What an assessment says of itself is held to it by ``author check``, without judging anything."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RULES = ("assessment-numbers", "assessment-topics", "assessment-links")


@pytest.fixture(name="course")
def course_with_an_assessment(course):
    course.write("book/curriculum.toml", (ROOT / "book/curriculum.toml").read_text("utf-8"))
    course.page("architecture/events", "# Events\n")
    shutil.copytree(ROOT / "assessments/_template", course.root / "assessments/exam")
    change(course, "checks/test_configuration.py", "m7-t1", "m1-t3")
    return course


def change(course, name, find, replace):
    path = course.root / "assessments/exam" / name
    text = path.read_text("utf-8")
    assert find in text
    path.write_text(text.replace(find, replace), "utf-8")


def test_a_sound_assessment_has_no_findings(course):
    assert [course.findings(rule) for rule in RULES] == [[], [], []]


def test_points_that_do_not_add_up_are_found(course):
    change(course, "assessment.toml", "points = 8", "points = 9")
    assert course.findings("assessment-numbers") == ["assessments/exam:0 function is worth 9 points, its checks 8"]


@pytest.mark.parametrize(("topic", "says"), [("m1-t99", "topics are in"), ("m1-t1", "which has no page yet")])
def test_a_check_sends_learners_to_a_topic_that_is_there(course, topic, says):
    change(course, "checks/test_function.py", "m1-t3", topic)
    (found,) = course.findings("assessment-topics")
    assert found.startswith("assessments/exam/checks:0 result sends learners to")
    assert says in found


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("[the page on queues](../../book/events/queues.md)", "leads nowhere"),
        ("[the template](starter/template.yaml)", "leads nowhere"),
        ("[AWS](http://example.com)", "leads nowhere"),
        ("[that part](#nowhere)", "no heading #nowhere"),
        ("[here](https://example.com)", "do not say"),
    ],
)
def test_a_link_that_leads_a_learner_nowhere_is_found(course, link, says):
    change(course, "README.md", "Hand in", f"{link}\n\nHand in")
    (found,) = course.findings("assessment-links")
    assert found.startswith("assessments/exam/README.md:5")
    assert says in found


def test_links_to_given_files_to_headings_and_to_the_web_are_fine(course):
    change(
        course, "README.md", "Hand in", "## What\n[the code](src/app.py) [that part](#what) [AWS](https://example.com)\n\nHand in"
    )
    assert course.findings("assessment-links") == []


def test_a_hint_names_a_topic_rather_than_an_address(course):
    change(course, "checks/test_function.py", "Return a dictionary", "See https://example.com/x. Return a dictionary")
    (found,) = course.findings("assessment-links")
    assert "the hint of result holds the address https://example.com/x" in found
