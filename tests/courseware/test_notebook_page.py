"""What JupyterLab shows of a page: cells that run and text that reads, nothing that only Sphinx knows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from courseware import explorers
from courseware.notebook_page import readable, with_note
from tests.courseware.web.models import answers

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for path in sorted([*ROOT.glob("book/*/*.md"), *ROOT.glob("labs/*/lab.md")])
    if "\nkernelspec:" in path.read_text("utf-8") and not path.parent.name.startswith("_")
]
PAGE = """---
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# Page

Before {example}`3 s`.

```{explorer} cold-starts
```

After.

```{diagram} a.svg
:alt: A box, and an arrow to another.
One after the other.
```

```{quiz} m1-t2
```

```{note}
Mind the {example}`gap`.
```

```{code-cell} python3
print("{explorer} stays text here")
```
"""


def page(text: str):
    return readable(jupytext.reads(text, fmt="md:myst"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_where_cells_use_lab_a_cell_makes_it(source):
    """On a page of the book it is there from the start; a kernel knows nothing of it."""
    notebook = with_note(jupytext.reads(source.read_text("utf-8"), fmt="md:myst"))
    codes = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    uses = any(re.search(r"\blab\.", code) for code in codes)
    assert not uses or any(re.search(r"^lab = ", code, re.MULTILINE) for code in codes)


def test_an_explorer_is_a_cell_between_the_texts_around_it():
    cells = page(PAGE).cells
    assert [cell.cell_type for cell in cells] == ["markdown", "code", "markdown", "code"]
    assert cells[0].source.endswith("Before 3 s.")
    assert cells[1].source == "from courseware import explorers\n\nexplorers.ColdStarts()"
    assert cells[2].source.startswith("After.")
    assert cells[3].source == 'print("{explorer} stays text here")'


def test_diagrams_quizzes_and_notes_read_as_text():
    text = page(PAGE).cells[2].source
    assert "> **Diagram.** One after the other.\n>\n> A box, and an arrow to another." in text
    assert "> The questions on this topic are in the book" in text
    assert "> **Note**\n>\n> Mind the gap." in text
    assert "{" not in text


SHOWN = """
```{code-cell} python3
:tags: [skip-execution]
from not_here import anything
```
"""


def test_what_a_page_shows_for_reading_is_no_cell_that_would_end_run_all():
    (cell,) = page(SHOWN).cells
    assert (cell.cell_type, cell.source) == ("markdown", "```python\nfrom not_here import anything\n```")


def test_what_a_lab_leaves_to_the_learner_is_a_cell_to_run():
    cells = page(f"{SHOWN}\n```{{code-cell}} python3\n:tags: [step-first]\n...\n```\n").cells
    assert [cell.cell_type for cell in cells] == ["code", "code"]


def test_no_page_and_no_lab_leaves_markup_that_only_sphinx_knows():
    raw = re.compile(r"^(?:`{3,}|:{3,})\{|\{[a-z-]+\}`", re.MULTILINE)
    found = 0
    for path in SOURCES:
        for cell in page(path.read_text("utf-8")).cells:
            assert cell.cell_type != "markdown" or not raw.search(cell.source), (path, cell.source)
            if "explorer" in cell.metadata.get("tags", []):
                found += 1
                assert cell.source.split(".")[-1].removesuffix("()") in explorers.__all__
    assert found == 7


def test_the_cell_shows_the_widget_in_a_real_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (answer,) = answers(("cold-starts", {}))
    rows = [{**row, "options": row.get("options") and [key for key, _ in row["options"]]} for row in answer["inputs"]]
    (tmp_path / "built.json").write_text(json.dumps({"cold-starts": {"inputs": rows, "sentence": answer["sentence"]}}))
    for name in ("cold-starts.js", "explorer.css"):
        (tmp_path / name).write_text("/* packed */")
    packed = f"from pathlib import Path\nfrom courseware import explorers\nexplorers._PACKED = Path({str(tmp_path)!r})"
    notebook = new_notebook(cells=[new_code_cell(packed), page(PAGE).cells[1]])
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    (output,) = notebook.cells[1].outputs
    assert "application/vnd.jupyter.widget-view+json" in output["data"]
    assert answer["sentence"] in output["data"]["text/plain"]
