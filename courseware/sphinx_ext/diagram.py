"""``{diagram}``: an SVG of ours set into the page itself, so that it follows the theme's colours and can be read aloud."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective


class Diagram(SphinxDirective):
    """Argument: a file below ``book/figures``. ``:alt:`` is required; the content is the caption."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        file = Path(self.env.srcdir) / "figures" / self.arguments[0]
        self.env.note_dependency(str(file))
        if "alt" not in self.options:
            raise self.error("a diagram needs :alt:, the words for who cannot see it")
        svg = file.read_text("utf-8").replace("<svg ", f'<svg role="img" aria-label="{_quoted(self.options["alt"])}" ', 1)
        figure = nodes.container(classes=["diagram"])
        figure.append(
            nodes.raw(
                "", f'<div class="diagram-scroll" tabindex="0" role="region" aria-label="Diagram">{svg}</div>', format="html"
            )
        )
        caption = nodes.container(classes=["diagram-caption"])
        self.state.nested_parse(self.content, self.content_offset, caption)
        figure.append(caption)
        return [figure]


def _quoted(text: str) -> str:
    return " ".join(text.split()).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
