"""An objective is a promise: a question asks for it, and a lab step has it done."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.curriculum import FILE
from courseware.author.content import Content
from courseware.author.finding import Finding

RULE = "objectives"
_BEYOND_MEMORY = {"apply", "diagnose"}


def check(content: Content) -> Iterator[Finding]:
    asked = {item.topic for item in content.items if item.level in _BEYOND_MEMORY}
    done = {topic for lab in content.labs for step in lab.steps for topic in step.topics}
    for lab in content.labs:
        for step in lab.steps:
            strange = set(step.topics) - set(content.curriculum.topics)
            if strange or not step.topics:
                named = ", ".join(sorted(strange)) or "no topic"
                yield Finding(f"labs/{lab.slug}/lab.toml", 0, RULE, f"step {step.id} names {named}; topics are in {FILE}")
    for module in content.curriculum.modules:
        for topic in module.topics if module.slug else ():
            if topic.id not in asked:
                yield Finding(FILE.as_posix(), 0, RULE, f"{topic.id}: no quiz item of level apply or diagnose tests it", gap=True)
            if topic.id not in done:
                yield Finding(FILE.as_posix(), 0, RULE, f"{topic.id}: no lab step names it in its topics", gap=True)
