"""Code cells of a page become ``<live-cell>``: code and recorded output for everybody, an editor for who wants one.

A page that is a notebook (``{code-cell}``) needs no other markup: the same file opens in JupyterLab. Tags say what is
special: ``setup`` runs unasked before the first cell, ``check-<step>`` is a step's "Check my work", ``step-<step>`` is the
learner's work and is not run when the book is built, ``lab`` is JupyterLab's own preparation: the page tells the price there.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, TypeGuard

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from courseware.sphinx_ext.expected import Cell, Outcome, order, outcomes
from courseware.sphinx_ext.lab_pages import price_paragraph
from courseware.sphinx_ext.lab_step import lab_step
from courseware.sphinx_ext.recorded_pages import kept_in, note_recordings
from courseware.sphinx_ext.recorder import RecordingError

logger = logging.getLogger(__name__)


class live_cell(nodes.container):  # noqa: N801 - docutils' way of naming nodes
    """``code``, ``name``, ``label``, ``role`` (``plain``, ``setup``), ``run`` and ``raises``; ``outcome`` once recorded."""


class LiveDirective(SphinxDirective):
    """``{live}``: a cell on a page that is no notebook. ``:raises:`` says that it ends with an error, and must."""

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "label": directives.unchanged,
        "raises": directives.flag,
        "setup": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        node = _cell("\n".join(self.content), label=self.options.get("label", ""))
        node["role"] = "setup" if "setup" in self.options else ""
        node["raises"] = "raises" in self.options
        self.set_source_info(node)
        return [node]


class LiveCells(SphinxTransform):
    """Turn a document's code cells into live ones, in order, and have them run while the next page is read."""

    default_priority = 210

    def apply(self, **_options: Any) -> None:
        cells: list[live_cell] = []
        for node in list(filter(_is_cell, self.document.findall())):
            cell = node if isinstance(node, live_cell) else self._from_notebook(node)
            if cell is not None:
                cells.append(cell)
        for number, cell in enumerate(cells, 1):
            cell["name"] = str(number)
            cell["label"] = cell["label"] or f"cell {number}"
        if run := _as_run(cells):
            note_recordings(self.env, [order(run, kept_in(self.env))])
        if cells:
            self.document.append(nodes.raw("", "<page-account></page-account>", format="html"))

    def _from_notebook(self, node: nodes.Element) -> live_cell | None:
        """Replace the container that myst-nb made; None when what takes its place is no cell."""
        metadata: dict[str, list[str]] = node.get("cell_metadata") or {}
        tags = metadata.get("tags", [])
        step = next((tag.removeprefix("check-") for tag in tags if tag.startswith("check-")), "")
        if step:
            slug = Path(self.env.docname).name
            node.replace_self(lab_step(slug=slug, step=step))
            return None
        if "lab" in tags or "remove-cell" in tags:
            node.replace_self(price_paragraph(Path(self.env.docname).name) if "lab" in tags else [])
            return None
        code = next((block.astext() for block in node.findall(nodes.literal_block)), "")
        cell = _cell(code)
        cell.source, cell.line = node.source, node.line
        cell["role"] = "setup" if "setup" in tags else ""
        cell["raises"] = "raises-exception" in tags
        cell["run"] = not any(tag == "skip-execution" or tag.startswith("step-") for tag in tags)
        cell["label"] = next((f"step {tag.removeprefix('step-')}" for tag in tags if tag.startswith("step-")), "")
        node.replace_self(cell)
        return cell


def show_outcomes(app: Sphinx, document: nodes.document, docname: str) -> None:
    """On ``doctree-resolved``, when a page is written: what its cells printed, and a warning where one ended as it should not."""
    cells = [cell for cell in document.findall(live_cell) if cell["run"]]
    if not cells or app.builder.format != "html":
        return
    try:
        found = outcomes(_as_run(cells), kept_in(app.env))
    except RecordingError as error:
        logger.warning("the cells of this page could not be run: %s", error, location=docname)
        return
    for cell, outcome in zip(cells, found, strict=True):
        cell["outcome"] = outcome
        if bool(outcome.error) != cell["raises"]:
            words = outcome.error or "it ended well, although it is marked as raising"
            logger.warning("%s: %s", cell["label"], words, location=cell)


def _as_run(cells: Iterable[live_cell]) -> list[Cell]:
    return [Cell(cell["name"], cell["code"]) for cell in cells if cell["run"]]


def _is_cell(node: nodes.Node) -> TypeGuard[nodes.Element]:
    return isinstance(node, live_cell) or (isinstance(node, nodes.container) and node.get("nb_element") == "cell_code")


def _cell(code: str, label: str = "") -> live_cell:
    block = nodes.literal_block(code, code, language="python")
    return live_cell("", block, code=code, label=label, role="", raises=False, run=True, name="", outcome=Outcome())


def visit_live_cell(self: HTML5Translator, node: live_cell) -> None:
    attributes = (
        f'id="cell-{node["name"]}" data-name="{node["name"]}" data-role="{node["role"]}" label="{html.escape(node["label"])}"'
    )
    self.body.append(f'<live-cell class="live-cell" {attributes}>\n')
    if node["role"] == "setup":
        self.body.append(
            '<details class="lc-setup"><summary>Set-up of this page (runs by itself before the first cell)</summary>\n'
        )
    self.body.append('<div class="lc-code">\n')


def depart_live_cell(self: HTML5Translator, node: live_cell) -> None:
    self.body.append('</div>\n<div class="lc-bar"></div>\n')
    self.body.append(_output(node["outcome"], node["label"]))
    self.body.append("</details>\n</live-cell>\n" if node["role"] == "setup" else "</live-cell>\n")


_TIMES = "REPORT RequestId"  # its durations differ from run to run, and may need a further line


def _output(outcome: Outcome, label: str) -> str:
    text = "".join(_span(stream, words) for stream, words in outcome.output)
    text += _span("value", outcome.value) + _span("error", outcome.error)
    picture = (
        f'<div class="lc-picture" role="img" aria-label="{html.escape(outcome.alt)}">{outcome.svg}</div>' if outcome.svg else ""
    )
    hidden = " hidden" if outcome.empty else ""
    name = html.escape(f"Output of {label}")
    timed = " lc-timed" if _TIMES in text else ""
    return (
        f'<div class="lc-output{timed}"{hidden}><p class="lc-caption">Output when this page was built</p>\n'
        f'<pre tabindex="0" aria-label="{name}">{text}</pre>{picture or "<div class=lc-picture></div>"}</div>\n'
    )


def _span(stream: str, words: str) -> str:
    if not words:
        return ""
    return (
        html.escape(words, quote=False)
        if stream == "out"
        else f'<span class="lc-{stream}">{html.escape(words, quote=False)}</span>'
    )


def skip(_self: Any, _node: nodes.Node) -> None:
    """Other builders show the code block and nothing around it."""
