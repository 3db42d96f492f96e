"""All the rules on all the content. One file a rule; a rule is a function of the content that yields findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from courseware.author import (
    alt_texts,
    assessment_links,
    assessment_numbers,
    assessment_topics,
    code_width,
    completeness,
    links,
    numbers,
    objectives,
    reading_level,
    spelling,
    task_numbers,
    topics,
)
from courseware.author.content import Content
from courseware.author.finding import Finding

Rule = Callable[[Content], Iterator[Finding]]
_MODULES = (
    topics, objectives, numbers, links, alt_texts, code_width, spelling, reading_level, completeness,
    assessment_numbers, assessment_topics, assessment_links, task_numbers,
)  # fmt: skip
RULES: dict[str, Rule] = {module.RULE: module.check for module in _MODULES}


def check_content(root: Path, rules: Iterable[str] = tuple(RULES)) -> list[Finding]:
    """Sorted by place. ContentError: a quiz or the curriculum cannot be read at all."""
    content = Content(root)
    return sorted(finding for name in rules for finding in RULES[name](content))
