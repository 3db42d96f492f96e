"""What a module still lacks: pages, questions of every level, labs, the parts of its first page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from autograder.curriculum import FILE, Module
from autograder.quiz.item import LEVELS
from courseware.author.content import Content
from courseware.author.finding import Finding

RULE = "completeness"
ITEMS_MIN, ITEMS_A_TOPIC_MIN, LABS_MIN = 12, 2, 2
_PARTS = ("In short", "Exam tips", "In an interview")


def check(content: Content) -> Iterator[Finding]:
    for module in content.curriculum.modules:
        for message in _lacks(content, module) if module.slug else ():
            yield Finding(FILE.as_posix(), 0, RULE, f"{module.id}: {message}", gap=True)


def _lacks(content: Content, module: Module) -> Iterator[str]:
    for topic in module.topics:
        if module.page(topic) not in content.pages:
            yield f"{topic.id} has no page book/{module.page(topic)}.md"
    items = [item for item in content.items if item.module == module.id]
    if len(items) < ITEMS_MIN:
        yield f"has {len(items)} quiz items; {ITEMS_MIN} at least"
    levels = {item.level for item in items}
    yield from (f"no quiz item of level {level}" for level in LEVELS if level not in levels)
    counts = Counter(item.topic for item in items)
    for topic in module.topics:
        if counts[topic.id] < ITEMS_A_TOPIC_MIN:
            yield f"{topic.id} has {counts[topic.id]} quiz items; {ITEMS_A_TOPIC_MIN} at least"
    labs = {
        lab.slug for lab in content.labs for step in lab.steps if any(name.startswith(f"{module.id}-") for name in step.topics)
    }
    if len(labs) < LABS_MIN:
        yield f"is practised in {len(labs)} labs; {LABS_MIN} at least"
    if f"{module.slug}/quiz" not in content.pages:
        yield f"has no quiz page book/{module.slug}/quiz.md"
    index = content.pages.get(f"{module.slug}/index")
    headings = {passage.text for passage in index.document.passages if passage.kind == "heading"} if index else set()
    yield from (f"its first page has no part {part!r}" for part in _PARTS if part not in headings)
