"""A new lab is complete, keeps the rules, and takes nobody's place. That it works is proven of what it is copied from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.lab import load_lab
from courseware.author.check_content import RULES, check_content
from courseware.author.new_lab import new_lab
from courseware.errors import LearnerError

ROOT = Path(__file__).parents[3]


@pytest.fixture(name="course")
def course_with_one_lab(course):
    course.write("book/curriculum.toml", (ROOT / "book/curriculum.toml").read_text("utf-8").replace("slug = ", "was = "))
    course.lab(["m1-t1"])
    shutil.copytree(ROOT / "labs/_template", course.root / "labs/_template")
    return course


def test_it_bears_its_name_everywhere_and_stands_in_the_contents(course):
    lab = load_lab(new_lab(course.root, "queue-worker"))
    assert (lab.slug, lab.names["function"]) == ("queue-worker", "queue-worker")
    assert "my-lab" not in "".join(path.read_text("utf-8") for path in lab.folder.rglob("*.*"))
    assert (course.root / "book/_toc.yml").read_text("utf-8").endswith("  - file: labs/a-lab\n  - file: labs/queue-worker\n")
    assert "20 Lambda requests" in lab.cost


def test_it_keeps_the_editorial_rules(course):
    new_lab(course.root, "queue-worker")
    found = [str(one) for one in check_content(course.root, RULES) if "queue-worker" in one.path]
    assert found == []


@pytest.mark.parametrize("slug", ["Queue", "a_b", "../x", "", "a" * 41])
def test_a_name_that_will_not_do_is_refused(course, slug):
    with pytest.raises(LearnerError, match="lower-case"):
        new_lab(course.root, slug)


def test_nothing_is_written_over(course):
    new_lab(course.root, "queue-worker")
    contents = (course.root / "book/_toc.yml").read_text("utf-8")
    with pytest.raises(LearnerError, match="already"):
        new_lab(course.root, "queue-worker")
    assert (course.root / "book/_toc.yml").read_text("utf-8") == contents
