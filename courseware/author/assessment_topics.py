"""Where a learner is told to read on there is something to read: the topic of every check of an assessment, and its page."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.assessment import Assessment
from autograder.checks.marks import id_of, mark_of
from autograder.curriculum import FILE
from autograder.judge import load_program
from courseware.author.content import Content
from courseware.author.finding import Finding

RULE = "assessment-topics"


def check(content: Content) -> Iterator[Finding]:
    for assessment in content.assessments:
        yield from _of(content, assessment)


def _of(content: Content, assessment: Assessment) -> Iterator[Finding]:
    """The page of a topic whose module is still to be written is a gap."""
    pages = {topic.id: module.page(topic) for module in content.curriculum.modules if module.slug for topic in module.topics}
    for one in load_program(assessment.folder).checks:
        topic, where = mark_of(one).topic, f"assessments/{assessment.slug}/checks"
        if topic not in content.curriculum.topics:
            yield Finding(where, 0, RULE, f"{id_of(one)} sends learners to {topic!r}; topics are in {FILE}")
        elif pages.get(topic) not in content.pages:
            yield Finding(where, 0, RULE, f"{id_of(one)} sends learners to {topic}, which has no page yet", gap=True)
