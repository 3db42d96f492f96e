"""One node for HTML that Sphinx has no word for: an element with attributes, whose children are ordinary nodes."""

from __future__ import annotations

import html
from typing import Any

from docutils import nodes


class markup(nodes.Element):  # noqa: N801 - docutils' way of naming nodes
    """``tag`` and ``attributes``; other builders show the children and nothing around them."""


def element(tag: str, attributes: dict[str, str] | None = None, *children: nodes.Node | str) -> markup:
    """A text among the children becomes a text node."""
    texts = (nodes.Text(child) if isinstance(child, str) else child for child in children)
    return markup("", *texts, tag=tag, attributes=attributes or {})


def prose(words: str) -> nodes.inline:
    """Words of a data file set as prose: Sphinx makes typographic quotes only of texts in an element of its own."""
    return nodes.inline("", words)


def visit_markup(self: Any, node: markup) -> None:
    words = "".join(f' {name}="{html.escape(value)}"' for name, value in node["attributes"].items())
    self.body.append(f"<{node['tag']}{words}>")


def depart_markup(self: Any, node: markup) -> None:
    self.body.append(f"</{node['tag']}>")


def pass_by(_self: Any, _node: markup) -> None:
    """Other builders."""
