"""Curriculum, question bank, labs and assessments as the directives of one build see them: read once for each process."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from sphinx.environment import BuildEnvironment

from autograder.assessment import Assessment, find_assessments
from autograder.curriculum import FILE as CURRICULUM
from autograder.curriculum import Curriculum, Topic, load_curriculum
from autograder.lab import Lab, find_labs
from autograder.quiz import Item, load_items
from autograder.quiz.read import FOLDER as QUIZZES

ROOT = Path(__file__).parents[2]


@cache
def curriculum() -> Curriculum:
    return load_curriculum(ROOT)


@cache
def items() -> tuple[Item, ...]:
    return load_items(ROOT, curriculum())


@cache
def labs() -> tuple[Lab, ...]:
    return tuple(find_labs(ROOT / "labs"))


@cache
def assessments() -> tuple[Assessment, ...]:
    return tuple(find_assessments(ROOT / "assessments"))


def topic_of_page(docname: str) -> Topic | None:
    """The topic whose own page this is."""
    for module in curriculum().modules:
        for topic in module.topics:
            if module.slug and module.page(topic) == docname:
                return topic
    return None


def pages_of_topic(env: BuildEnvironment, topic: Topic) -> list[str]:
    """Its own page, then further ones whose front matter names it; none while the topic is not written."""
    module = curriculum().module(topic.module)
    if not module.slug:
        return []
    own = module.page(topic)
    sources = {f"{module.slug}/{file.stem}": file for file in sorted((Path(env.srcdir) / module.slug).glob("*.md"))}
    line = re.compile(rf"^topic: {topic.id}$", re.MULTILINE)
    found = [page for page, file in sources.items() if line.search(file.read_text("utf-8").split("\n---\n", 1)[0])]
    return sorted(found, key=lambda page: page != own)


def depends_on_content(env: BuildEnvironment) -> None:
    """The current page is built anew when curriculum, table of contents, a quiz, a lab or an assessment changes."""
    files = [ROOT / CURRICULUM, Path(env.srcdir) / "_toc.yml", *sorted((ROOT / QUIZZES).glob("*.yaml"))]
    files += [one.folder / "assessment.toml" for one in assessments()]
    for file in (*files, *(lab.folder / "lab.toml" for lab in labs())):
        env.note_dependency(str(file))
