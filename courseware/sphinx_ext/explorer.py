"""``{explorer}``: a model and its picture for the default values, computed with the front end; a script makes it live."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from courseware.sphinx_ext.facts import cite
from courseware.sphinx_ext.markup import element
from sandbox.facts import facts, strange_figures

BUILT = Path("assets") / "explorers" / "built.json"  # below the sources of the book


class Explorer(SphinxDirective):
    """Argument: a model in ``courseware/web/src/explorers``. What it says of AWS must be in the fact it cites."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        file = Path(self.env.srcdir) / BUILT
        self.env.note_dependency(str(file))
        built = _read(file, file.stat().st_mtime_ns) if file.is_file() else {}
        name = self.arguments[0]
        if name not in built:
            raise self.error(f"there is no explorer {name!r}; `./course build` packed {', '.join(sorted(built)) or 'none yet'}")
        made = built[name]
        return [
            element(
                "course-explorer",
                {"class": "explorer", "data-explorer": name},
                nodes.raw("", f'{made["form"]}<div class="ex-picture">{made["picture"]}</div>', format="html"),
                nodes.paragraph("", made["sentence"], classes=["ex-sentence"]),
                nodes.raw("", f'<div class="ex-numbers">{made["table"]}</div>', format="html"),
                element("div", {"class": "ex-notes"}, *self._notes(made)),
            )
        ]

    def _notes(self, made: dict[str, Any]) -> list[nodes.Node]:
        return [
            nodes.paragraph("", "What AWS does"),
            nodes.bullet_list("", *(nodes.list_item("", self._claim(words, fact)) for words, fact in made["aws"])),
            nodes.paragraph("", "What this model assumes"),
            nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", words)) for words in made["assumed"])),
        ]

    def _claim(self, words: str, fact_id: str) -> nodes.Node:
        fact = facts().get(fact_id)
        if fact is None or fact.confidence == "unverified":
            raise self.error(f"an explorer rests on fact {fact_id}, which is missing or unverified")
        if strange := strange_figures(words, fact):
            raise self.error(f"fact {fact_id} does not say {', '.join(sorted(strange))}: it says {fact.value!r}")
        return nodes.paragraph("", "", cite(words, fact))


@cache
def _read(file: Path, _modified_ns: int) -> dict[str, Any]:
    return dict(json.loads(file.read_text("utf-8")))
