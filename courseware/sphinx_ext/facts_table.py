"""``{facts-table}``: the facts file as a reference, one section a group."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from courseware.sphinx_ext.cited_facts import EVERY, note_facts
from courseware.sphinx_ext.facts import source_words
from sandbox.facts import Fact, facts, groups, value_words


class FactsTable(SphinxDirective):
    """Unverified rows are shown too, marked as such: a reference that hides its doubts is none."""

    def run(self) -> list[nodes.Node]:
        note_facts(self.env, [EVERY])
        return [self._section(group, heading) for group, heading in groups().items()]

    def _section(self, group: str, heading: str) -> nodes.Node:
        section = nodes.section(
            "", nodes.title(heading, heading), ids=[f"facts-{group}"], names=[nodes.fully_normalize_name(heading)]
        )
        listed = nodes.definition_list(classes=["facts"])
        listed.extend(_row(fact) for fact in facts().values() if fact.group == group)
        section.append(listed)
        return section


def _row(fact: Fact) -> nodes.Node:
    term = nodes.term("", fact.subject, ids=[f"fact-{fact.id.lower()}"])
    definition = nodes.definition()
    if value_words(fact):
        definition.append(nodes.paragraph("", value_words(fact), classes=["fact-value"]))
    caveat = f" Caveat: {fact.caveat.strip('/ ')}." if fact.caveat.strip("/ ") else ""
    words = f"{fact.id} · as of {fact.as_of} · {fact.confidence}: {source_words(fact.source)}.{caveat}"
    definition.append(nodes.paragraph("", words, classes=["fact-source"]))
    return nodes.definition_list_item("", term, definition)
