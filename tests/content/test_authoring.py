"""The course's own content keeps the editorial rules. What is not written yet is no mistake of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assessment import find_assessments
from courseware.author.check_content import RULES, check_content

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("rule", RULES)
def test_the_content_keeps_the_rule(rule):
    assert [str(finding) for finding in check_content(ROOT, [rule]) if not finding.gap] == []


@pytest.mark.parametrize("text", ["README.md", "book/practice/assessments.md"])
def test_learners_and_assessors_are_told_of_every_assessment(text):
    words = (ROOT / text).read_text("utf-8")
    assert [one.slug for one in find_assessments(ROOT / "assessments") if one.slug not in words] == []
