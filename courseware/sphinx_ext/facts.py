"""Numbers in prose come from the facts file: ``{fact}`` cites a fact, ``{limit}`` prints the figure the account enforces.

Both become a link to the fact's row in the reference, with value, source and date shown on hover and on focus. A text of one's
own (``{fact}`two retries <I-01>` ``) may only hold figures that the fact itself holds, so prose cannot drift from the file.
"""

from __future__ import annotations

import html
import re
from typing import Any

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import split_explicit_title
from sphinx.writers.html5 import HTML5Translator

from sandbox.facts import Fact, facts, limit_part, sources, spell, strange_figures, value_words

REFERENCE_PAGE = "reference/facts"


class fact_text(nodes.inline):  # noqa: N801 - docutils' way of naming nodes
    """Visible text is its child; ``fact`` is the id, ``limit`` a limit's name or empty, ``note`` what the hover says."""


class FactRole(SphinxRole):
    """``{fact}`Q-03` `` prints value and unit; ``{fact}`900 seconds <Q-03>` `` prints the words given."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        explicit, words, fact_id = split_explicit_title(self.text)
        fact = facts().get(fact_id)
        if fact is None:
            return _problem(self, f"there is no fact {fact_id!r} in sandbox/facts.toml")
        if fact.confidence == "unverified":
            return _problem(self, f"fact {fact_id} is unverified: a page must not teach it")
        if not explicit:
            words = value_words(fact)
        else:
            if strange := strange_figures(words, fact):
                return _problem(self, f"fact {fact_id} does not say {', '.join(sorted(strange))}: it says {fact.value!r}")
        return [cite(words, fact)], []


class LimitRole(SphinxRole):
    """``{limit}`timeout_s.max` `` prints one number of a limit with its unit; the part is ``value``, ``min`` or ``max``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            number, limit = limit_part(self.text)
        except KeyError as error:
            return _problem(self, str(error.args[0]))
        return [cite(spell(number, limit), facts()[limit.fact], limit.name)], []


def note(fact: Fact) -> str:
    """What the hover says: the fact whole, its date, where it was read."""
    value = f": {value_words(fact)}" if value_words(fact) else ""
    return f"{fact.subject}{value}. As of {fact.as_of}; {fact.confidence} in {source_words(fact.source)}."


def source_words(source: str) -> str:
    """``AD limits; BC Invoke`` with its source keys written out."""
    known = sources()
    parts = []
    for part in re.split(r";\s*", source):
        key, _, rest = part.partition(" ")
        text = known[key]["text"] if key in known else part
        bare = rest[1:-1] if re.fullmatch(r"\([^()]*\)", rest) else rest  # bracketed in the file already
        parts.append(f"{text} ({bare})" if key in known and rest else text)
    return "; ".join(parts)


def cite(words: str, fact: Fact, limit: str = "") -> nodes.Node:
    """``words`` linked to the fact's row in the reference, the fact itself shown on hover and on focus.

    ``limit`` names the row that the words come from, where it is one.
    """
    return fact_text("", words, fact=fact.id, limit=limit, note=note(fact))


def _problem(role: SphinxRole, message: str) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    inliner: Inliner = role.inliner
    report = inliner.reporter.error(message, line=role.lineno)
    return [inliner.problematic(role.rawtext, role.rawtext, report)], [report]


def visit_fact_text(self: HTML5Translator, node: fact_text) -> None:
    self.fact_count = getattr(self, "fact_count", 0) + 1  # type: ignore[attr-defined]
    builder: Any = self.builder
    target = builder.get_relative_uri(builder.current_docname, REFERENCE_PAGE)
    tip = f"fact-note-{self.fact_count}"  # type: ignore[attr-defined]
    self.body.append(
        f'<span class="fact"><a class="fact-link" href="{target}#fact-{node["fact"].lower()}" aria-describedby="{tip}">'
        f"{self.encode(node.astext())}</a>"
        f'<span class="fact-note" role="tooltip" id="{tip}">{html.escape(node["note"])}</span></span>'
    )
    raise nodes.SkipNode


def visit_fact_plain(_self: Any, _node: nodes.Node) -> None:
    """Other builders print the words."""
