"""How the value of a cell's last expression is shown: a picture where the value can draw itself, else readable text."""

from __future__ import annotations

import pprint
from dataclasses import dataclass
from typing import Any

TEXT_CHARS_MAX = 20_000
WIDTH = 88


@dataclass(frozen=True, slots=True)
class Shown:
    """``text`` for the output area, ``svg`` with its ``alt`` for a picture; both empty for None."""

    text: str = ""
    svg: str = ""
    alt: str = ""


def show(value: Any) -> Shown:
    """Dictionaries keep their order and are laid out over lines; a value with ``_repr_svg_`` is a picture, as in a notebook."""
    if value is None:
        return Shown()
    draw = getattr(value, "_repr_svg_", None)
    if callable(draw):
        return Shown(svg=str(draw()), alt=str(getattr(value, "alt", "")))
    text = pprint.pformat(value, width=WIDTH, sort_dicts=False, compact=True)
    return Shown(text=shorten(text) + "\n")


def shorten(text: str) -> str:
    """Bounded, and it says so."""
    if len(text) <= TEXT_CHARS_MAX:
        return text
    return f"{text[:TEXT_CHARS_MAX]}\n… {len(text) - TEXT_CHARS_MAX:,} more characters"
