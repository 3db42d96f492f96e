"""Pages say which topic they teach, stand in the table of contents, and in the order of their topics."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.curriculum import Module
from courseware.author.content import Content, Page
from courseware.author.finding import Finding

RULE = "topics"
_NO_TOPIC = {"index", "quiz"}


def check(content: Content) -> Iterator[Finding]:
    for page in content.pages.values():
        if page.name not in content.order:
            yield Finding(page.path, 0, RULE, "is not in book/_toc.yml, so nobody can read it; add a line there")
        yield from _titles(page)
    for module in content.curriculum.modules:
        if module.slug:
            yield from _of_module(content, module)


def _titles(page: Page) -> Iterator[Finding]:
    titles = [passage for passage in page.document.passages if passage.kind == "heading" and passage.level == 1]
    if len(titles) != 1:
        line = titles[1].line if titles else 1
        yield Finding(page.path, line, RULE, f"has {len(titles)} level-one headings; the page's title is the only one")


def _of_module(content: Content, module: Module) -> Iterator[Finding]:
    own = {module.page(topic): topic for topic in module.topics}
    known = {topic.id for topic in module.topics}
    for name, page in content.pages.items():
        folder, _, slug = name.partition("/")
        if folder != module.slug or slug in _NO_TOPIC:
            continue
        topic = page.front_matter.get("topic")
        if topic not in known:
            yield Finding(page.path, 1, RULE, f"needs `topic:` in its front matter, one of {', '.join(sorted(known))}")
        elif name in own and topic != own[name].id:
            yield Finding(page.path, 1, RULE, f"is the page of {own[name].id} by its name, and says topic: {topic}")
        if name in own and not any(one.name == "quiz" and one.argument == own[name].id for one in page.document.directives):
            yield Finding(page.path, 0, RULE, f"a topic's page ends with its questions: {{quiz}} {own[name].id}")
    index = content.pages.get(f"{module.slug}/index")
    if index and not any(one.name == "module-map" and one.argument == module.id for one in index.document.directives):
        yield Finding(index.path, 0, RULE, f"a module's first page shows its map: {{module-map}} {module.id}")
    shown = [name for name in content.order if name in own]
    if shown != [name for name in own if name in shown]:
        yield Finding("book/_toc.yml", 0, RULE, f"pages of {module.id} do not stand in the order of their topics")
