"""Which page holds which item, for questions that come again: ``_static/quiz-index.json``, written after a build."""

from __future__ import annotations

import json
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from autograder.plain import plain
from courseware.sphinx_ext.content import curriculum, items
from courseware.sphinx_ext.page_notes import PageNotes

NOTES = PageNotes[list[str]]("course_quiz")
_WORDS_MAX = 100


def note_items(env: BuildEnvironment, docname: str, item_ids: list[str]) -> None:
    """Called by the directive for every quiz of a page."""
    NOTES.of(env).setdefault(docname, []).extend(item_ids)


def write_index(app: Sphinx, error: Exception | None) -> None:
    """``{item: [page, topic, how the question begins]}``; a topic's own page goes before a module's."""
    if error is not None or app.builder.format != "html":
        return
    homes = {topic.id: module.page(topic) for module in curriculum().modules for topic in module.topics}
    index: dict[str, list[str]] = {}
    known = {item.id: item for item in items()}
    for page, found in sorted(NOTES.of(app.env).items()):
        for item in (known[name] for name in found if name in known):
            if item.id not in index or page == homes[item.topic]:
                index[item.id] = [page, item.topic, _begins(plain(item.question))]
    target = Path(app.outdir) / "_static" / "quiz-index.json"
    text = json.dumps(index, ensure_ascii=False)
    if not target.is_file() or target.read_text("utf-8") != text:
        target.write_text(text, "utf-8")


def _begins(question: str) -> str:
    words = " ".join(question.replace("`", "").replace("*", "").split())
    return words if len(words) <= _WORDS_MAX else words[:_WORDS_MAX].rsplit(" ", 1)[0] + " …"
