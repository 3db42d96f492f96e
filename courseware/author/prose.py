"""MyST text as the checks read it: prose with line numbers, links, images, directives; code and roles set apart.

Parsed with markdown-it, as myst-parser does, but without Sphinx: a check of the whole book takes a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

ROLE = "\ue000"  # stands in prose where a role stood
CODE = "\ue001"  # and where code did
_NAME = re.compile(r"\{(?P<name>[\w:-]+)\}\s*(?P<argument>.*)")
_OPTION = re.compile(r":(?P<key>[\w-]+):\s*(?P<value>.*)")
_CODE = {"code-cell", "live", "code-block", "code"}
_NO_PROSE = _CODE | {"literalinclude", "mermaid", "math", "raw"}
_NO_PROSE |= {"quiz", "module-map", "facts-table", "lab-list", "assessment-list"}


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of prose: a paragraph, a heading, a cell of a table. ``kind`` is ``heading`` or ``text``; ``level`` of a heading."""

    line: int
    text: str
    kind: str = "text"
    level: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    line: int
    target: str
    words: str


@dataclass(frozen=True, slots=True)
class Image:
    line: int
    target: str
    alt: str


@dataclass(frozen=True, slots=True)
class Directive:
    line: int
    name: str
    argument: str
    options: dict[str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """Code as a page shows it; ``line`` is its first."""

    line: int
    text: str


@dataclass(slots=True)
class Document:
    """Everything in the order of the text."""

    front_matter: str = ""
    passages: list[Passage] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def anchors(self) -> set[str]:
        """As myst-parser makes them of headings."""
        headings = (passage.text for passage in self.passages if passage.kind == "heading")
        return {re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-") for text in headings}


def read(text: str) -> Document:
    document = Document()
    _collect(text, 0, document)
    return document


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, colon_fence_plugin, deflist_plugin, myst_block_plugin, myst_role_plugin):
        parser.use(plugin)
    return parser


def _collect(text: str, offset: int, document: Document) -> None:
    tokens = _parser().parse(text)
    line = offset + 1
    for before, token in zip([None, *tokens], tokens, strict=False):
        line = offset + token.map[0] + 1 if token.map else line
        if token.type == "front_matter":
            document.front_matter = token.content
        elif token.type in {"fence", "colon_fence"}:
            _directive(token, line, document)
        elif token.type == "inline":
            heading = before is not None and before.type == "heading_open"
            level = int(before.tag[1:]) if before is not None and heading else 0
            _inline(token.children or [], line, document, "heading" if heading else "text", level)


def _directive(token: Token, line: int, document: Document) -> None:
    found = _NAME.fullmatch(token.info.strip())
    if found is None:
        document.blocks.append(Block(line + 1, token.content))
        return
    lines = token.content.splitlines()
    options = [option for option in map(_OPTION.fullmatch, lines) if option]
    body = lines[len(options) :]  # options stand at the top
    named = {option["key"]: option["value"] for option in options}
    document.directives.append(Directive(line, found["name"], found["argument"].strip(), named))
    if found["name"] in _CODE:
        document.blocks.append(Block(line + 1 + len(options), "\n".join(body)))
    elif found["name"] not in _NO_PROSE:
        _collect("\n".join(body), line + len(options), document)


def _inline(children: list[Token], line: int, document: Document, kind: str, level: int) -> None:
    words = "".join(_words(children))
    document.passages.append(Passage(line, words, kind, level))
    for at, child in enumerate(children):
        here = line + sum(1 for before in children[:at] if before.type in {"softbreak", "hardbreak"})
        if child.type == "link_open":
            inside = children[at + 1 : next(n for n in range(at, len(children)) if children[n].type == "link_close")]
            document.links.append(Link(here, str(child.attrGet("href") or ""), "".join(_words(inside))))
        elif child.type == "image":
            document.images.append(Image(here, str(child.attrGet("src") or ""), child.content))


def _words(children: list[Token]) -> Iterator[str]:
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.type == "code_inline":
            yield CODE
        elif child.type == "myst_role":
            yield ROLE
        elif child.type == "text":
            yield child.content
