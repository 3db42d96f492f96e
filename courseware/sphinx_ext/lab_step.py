"""A step's "Check my work" on a lab's page."""

from __future__ import annotations

import html

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator


class lab_step(nodes.Element):  # noqa: N801 - docutils' way of naming nodes
    """``slug`` names the lab, ``step`` the step."""


def visit_lab_step(self: HTML5Translator, node: lab_step) -> None:
    slug, step = html.escape(node["slug"]), html.escape(node["step"])
    self.body.append(
        f'<lab-step class="lab-step" id="check-{step}" data-lab="{slug}" data-step="{step}"><div class="ls-body">'
        "<p>Checking your work needs JavaScript; "
        f"or run <code>./course check {slug} --step {step}</code> on your machine.</p></div></lab-step>\n"
    )
    raise nodes.SkipNode


def skip_lab_step(_self: object, _node: nodes.Node) -> None:
    raise nodes.SkipNode
