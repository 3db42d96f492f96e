"""Labs live in ``labs/<slug>/lab.md``; the book shows each as ``labs/<slug>``. The copies are made here and never committed.

Where a notebook prints the lab's price (the cell tagged ``lab``), the page has the same in words, linked to the facts.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes

from autograder.cost import cost_items, dollars
from autograder.lab import load_lab
from courseware.sphinx_ext.facts import cite
from sandbox.facts import facts

LABS = Path(__file__).parents[2] / "labs"
FOLDER = "labs"


def copy_labs(root: Path, book: Path) -> list[Path]:
    """Bring the book's copies up to date, touching only what differs; pages of labs that are gone go too."""
    target = book / FOLDER
    wanted = {lab.parent.name: lab for lab in sorted((root / FOLDER).glob("[a-z]*/lab.md"))}
    target.mkdir(parents=True, exist_ok=True)
    for page in target.glob("*.md"):
        if page.stem not in wanted:
            page.unlink()
    for slug, lab in wanted.items():
        text = lab.read_text("utf-8")
        page = target / f"{slug}.md"
        if not page.is_file() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")
    return [target / f"{slug}.md" for slug in wanted]


def price_paragraph(slug: str) -> list[nodes.Node]:
    """What doing the lab once costs on AWS; nothing for a page that is no lab or says it in words of its own."""
    if not (LABS / slug / "lab.toml").is_file():
        return []
    items = sorted(cost_items(load_lab(LABS / slug).uses), key=lambda item: -item.usd)
    if not items:
        return []
    total = dollars(sum(item.usd for item in items))
    words = f" Doing it once costs about {total} there, if no free tier applies. That is "
    paragraph = nodes.paragraph("", "", nodes.strong("", "On AWS."), nodes.Text(words), classes=["lab-price"])
    for number, item in enumerate(items):
        paragraph += nodes.Text(", " if number else "")
        paragraph += cite(item.words, facts()[item.price.fact])
        paragraph += nodes.Text(f" ({dollars(item.usd)})")
    paragraph += nodes.Text(". Here it costs nothing.")
    return [paragraph]
