"""``{module-map}`` shows a module's topics with the reader's progress; a topic's page begins with what can be done after it."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any, TypeGuard

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from autograder.curriculum import Module, Topic
from autograder.errors import ContentError
from autograder.lab import Lab
from courseware.sphinx_ext.content import ROOT, curriculum, depends_on_content, items, labs, pages_of_topic, topic_of_page
from courseware.sphinx_ext.markup import element, markup, prose
from courseware.toc import parts_of_pages


class ModuleMap(SphinxDirective):
    """Argument: a module's id, for a row a topic; or ``all``, for a row a module that is being written."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        depends_on_content(self.env)
        if self.arguments[0] == "all":
            return [_map("Every module", ("Module", "Topics and labs"), self._part_rows())]
        try:
            module = curriculum().module(self.arguments[0])
        except ContentError as error:
            raise self.error(str(error)) from error
        rows = [self._topic_row(module, topic) for topic in module.topics]
        return [_map(module.title, ("Topic", "After it you can"), rows)]

    def _topic_row(self, module: Module, topic: Topic) -> markup:
        page = module.page(topic)
        written = (Path(self.env.srcdir) / f"{page}.md").is_file()
        name: nodes.Node | str = link_to(self.env, page, topic.title) if written else topic.title
        steps = [f"{lab.slug}/{step.id}" for lab in labs() for step in lab.steps if topic.id in step.topics]
        return _row(name, topic.objective, pages_of_topic(self.env, topic), steps, [topic])

    def _part_rows(self) -> list[markup]:
        """A row a part of the book with a module or labs; a lab's steps count where the lab stands: each once."""
        modules = {f"{module.slug}/index": module for module in curriculum().modules if module.slug}
        by_page = {f"labs/{lab.slug}": lab for lab in labs()}
        rows = []
        for part, pages in groupby(parts_of_pages(ROOT).items(), key=lambda entry: entry[1]):
            names = [page for page, _ in pages]
            module = next((modules[page] for page in names if page in modules), None)
            own_labs = [by_page[page] for page in names if page in by_page]
            if module or own_labs:
                rows.append(self._part_row(part, module, own_labs))
        return rows

    def _part_row(self, part: str, module: Module | None, own_labs: list[Lab]) -> markup:
        steps = [f"{lab.slug}/{step.id}" for lab in own_labs for step in lab.steps]
        if module is None:
            return _row(part, " · ".join(f"Lab: {lab.title}" for lab in own_labs), [], steps, [])
        pages = [page for topic in module.topics for page in pages_of_topic(self.env, topic)]
        says = " · ".join(topic.title for topic in module.topics)
        return _row(link_to(self.env, f"{module.slug}/index", module.title), says, pages, steps, list(module.topics))


class TopicGoal(SphinxTransform):
    """Sets a topic's objective under its page's title."""

    default_priority = 205

    def apply(self, **_options: Any) -> None:
        topic = topic_of_page(self.env.docname)
        if topic is None:
            return
        depends_on_content(self.env)
        title = next(iter(self.document.findall(nodes.title)), None)
        if title is None:
            return
        lead, words = nodes.strong("", "After this page you can "), nodes.Text(f"{topic.objective}.")
        goal = nodes.paragraph("", "", lead, words, classes=["topic-goal"])
        title.parent.insert(title.parent.index(title) + 1, goal)


def link_to(env: BuildEnvironment, page: str, words: str) -> nodes.Node:
    """A link to a page of the book, by the name that Sphinx gives it."""
    options = {"reftype": "doc", "refdomain": "std", "reftarget": f"/{page}", "refdoc": env.docname, "refexplicit": True}
    link = addnodes.pending_xref("", nodes.inline("", words), **options)
    return nodes.inline("", "", link)  # docutils wants a text element around a reference


def scrolling_table(label: str, heads: tuple[str, ...], rows: list[markup]) -> markup:
    """A table that scrolls in its own frame. On a telephone a row becomes a card, and a value carries its column's head."""
    for row in rows:
        row["attributes"]["role"] = "row"
        for name, cell in zip(heads, filter(_is_cell, row.children), strict=True):
            cell["attributes"] |= {"role": "rowheader" if cell["tag"] == "th" else "cell", "data-head": name}
    columns = [element("th", {"scope": "col", "role": "columnheader"}, words) for words in heads]
    head = element("thead", {"role": "rowgroup"}, element("tr", {"role": "row"}, *columns))
    table = element("table", {"class": "module-map-table", "role": "table"}, head, element("tbody", {"role": "rowgroup"}, *rows))
    return element("div", {"class": "module-map-scroll", "tabindex": "0", "role": "region", "aria-label": label}, table)


def _is_cell(node: nodes.Node) -> TypeGuard[markup]:
    return isinstance(node, markup) and node["tag"] in ("th", "td")


def progress_cell(kind: str, ids: list[str], noun: str) -> markup:
    """How many there are; where there are scripts, how many of them are done, at first none: so nothing moves when they come."""
    cell = element("td", {"class": "mm-count", "data-kind": kind, "data-ids": json.dumps(ids)})
    total = element("span", {"class": "mm-total"}, _count(len(ids), noun))
    none_yet = element("span", {"class": "mm-none-yet"}, f"0 of {len(ids)}")
    cell.extend([total, none_yet] if ids else [nodes.Text("none")])
    return cell


def _map(title: str, heads: tuple[str, str], rows: list[markup]) -> markup:
    table = scrolling_table(f"Map: {title}", (*heads, "Pages", "Lab steps", "Quiz"), rows)
    return element("module-map", {"class": "module-map"}, table)


def _row(name: nodes.Node | str, says: str, pages: list[str], steps: list[str], topics: list[Topic]) -> markup:
    wanted = {topic.id for topic in topics}
    asked = [item.id for item in items() if item.topic in wanted]
    return element(
        "tr",
        {},
        element("th", {"scope": "row"}, name),
        element("td", {}, prose(says)),
        progress_cell("sections", pages, "page"),
        progress_cell("steps", steps, "step"),
        progress_cell("items", asked, "question"),
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
