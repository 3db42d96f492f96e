"""Labs live in ``labs/<slug>/lab.md``; the book shows each as ``labs/<slug>``. The copies are made here and never committed."""

from __future__ import annotations

from pathlib import Path

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
