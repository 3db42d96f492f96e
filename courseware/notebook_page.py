"""A page or a lab of the book as a notebook: what only Sphinx knows becomes text that JupyterLab shows, or a cell that runs.

An explorer becomes a cell with its widget; diagrams become their caption and words; what a page computes from the bank, the
curriculum or the facts file becomes a pointer to the book.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.plain import plain

_DIRECTIVE = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{(?P<name>[a-z-]+)\}[ \t]*(?P<argument>[^\n]*)\n(?P<body>.*?)^(?P=fence)[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_OPTION = re.compile(r"^:(?P<name>[a-z-]+):[ \t]*(?P<value>.*)$")
_FOR_READING = "skip-execution"
_IN_BOOK = {
    "quiz": "The questions on this topic are in the book, on the page of the same name, where they are marked.",
    "module-map": "The map of this module, with your progress, is in the book.",
    "facts-table": "The table of every quota, price and default is in the book.",
}


_HERE = """\
> **In JupyterLab.** Shift+Enter runs a cell. Every notebook and terminal here talks to **one account**, with one clock and
> one set of fault rules; it begins empty with each start of `./course up`. Your notebooks stay, and so does the account while
> a kernel restarts: then use the menu *Run > Run All Above Selected Cell*. `./course reset` in a terminal empties the account
> for all of them."""

_GIVEN = "from courseware.notebook_account import account as account_of_notebook\n\nlab = account_of_notebook()"


def with_note(notebook: NotebookNode) -> NotebookNode:
    """The same notebook, with what a page need not say or do below its title: where calls go, what a restart means, ``lab``."""
    title, *rest = notebook.cells[0].source.split("\n\n", 1)
    given = [new_code_cell(_GIVEN)] if _takes_lab_as_given(notebook) else []
    notebook.cells[:1] = [*map(new_markdown_cell, (title, _HERE)), *given, *map(new_markdown_cell, rest)]
    return notebook


def _takes_lab_as_given(notebook: NotebookNode) -> bool:
    """Whether cells use ``lab``, which every page of the book has, and none makes it, as those of labs do."""
    codes = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return any(re.search(r"\blab\.", code) for code in codes) and not any(re.search(r"^lab = ", code, re.M) for code in codes)


def readable(notebook: NotebookNode) -> NotebookNode:
    """The same notebook without the book's markup; cells that hold code stay as they are.

    But for those a page shows for reading, for want of what they call: *Run All* would end at one. A lab's are the learner's.
    """
    lab = _is_a_lab(notebook)
    notebook.cells = [new for cell in notebook.cells for new in _new_cells(cell, lab=lab)]
    return notebook


def _new_cells(cell: NotebookNode, *, lab: bool) -> Iterator[NotebookNode]:
    if cell.cell_type == "markdown":
        yield from _cells(cell.source)
    elif not lab and _FOR_READING in cell.metadata.get("tags", ()):
        yield new_markdown_cell(f"```python\n{cell.source}\n```")
    else:
        yield cell


def _is_a_lab(notebook: NotebookNode) -> bool:
    return any(tag.startswith("step-") for cell in notebook.cells for tag in cell.metadata.get("tags", ()))


def _cells(source: str) -> Iterator[NotebookNode]:
    """Text, with a code cell wherever an explorer stood."""
    pending: list[str] = []
    at = 0
    for found in _DIRECTIVE.finditer(source):
        pending.append(plain(source[at : found.start()], strict=False))
        at = found.end()
        if found["name"] == "explorer":
            yield from _text(pending)
            pending = []
            yield _explorer(found["argument"].strip())
        else:
            pending.append(_words(found["name"], found["argument"].strip(), found["body"]))
    yield from _text([*pending, plain(source[at:], strict=False)])


def _text(parts: list[str]) -> Iterator[NotebookNode]:
    text = "".join(parts).strip("\n")
    if text.strip():
        yield new_markdown_cell(text)


def _explorer(name: str) -> NotebookNode:
    """``cold-starts`` is the class ``ColdStarts``, which shows itself as the cell's value."""
    widget = "".join(word.capitalize() for word in name.split("-"))
    return new_code_cell(f"from courseware import explorers\n\nexplorers.{widget}()", metadata={"tags": ["explorer"]})


def _words(name: str, argument: str, body: str) -> str:
    if name in _IN_BOOK:
        return f"> {_IN_BOOK[name]}"
    options = {found["name"]: found["value"] for line in body.splitlines() if (found := _OPTION.match(line))}
    text = plain("\n".join(line for line in body.splitlines() if not _OPTION.match(line)).strip(), strict=False)
    if name == "diagram":
        return _quoted(f"**Diagram.** {text}\n\n{options.get('alt', '')}".strip())
    title = argument if name not in {"glossary", "code-block", "code"} else ""
    if name in {"code-block", "code", "literalinclude"}:
        return f"```{argument}\n{text}\n```"
    return _quoted(f"**{plain(title or name.capitalize(), strict=False)}**\n\n{text}".strip())


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())
