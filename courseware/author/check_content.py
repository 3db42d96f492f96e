"""All the rules on all the content. One file a rule; a rule is a function of the content that yields findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from courseware.author import alt_texts, completeness, links, numbers, objectives, reading_level, spelling, topics
from courseware.author.content import Content
from courseware.author.finding import Finding

Rule = Callable[[Content], Iterator[Finding]]
RULES: dict[str, Rule] = {
    module.RULE: module.check for module in (topics, objectives, numbers, links, alt_texts, spelling, reading_level, completeness)
}


def check_content(root: Path, rules: Iterable[str] = tuple(RULES)) -> list[Finding]:
    """Sorted by place. ContentError: a quiz or the curriculum cannot be read at all."""
    content = Content(root)
    return sorted(finding for name in rules for finding in RULES[name](content))
