"""What an assessment says of itself holds: points add up, gates and twins name checks, the task tells every value that varies."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.proof import still
from courseware.author.content import Content
from courseware.author.finding import Finding

RULE = "assessment-numbers"


def check(content: Content) -> Iterator[Finding]:
    for assessment in content.assessments:
        for problem in still(assessment).problems:
            yield Finding(f"assessments/{assessment.slug}", 0, RULE, problem)
