"""Draws a timeline: one lane per kind of entry, time from left to right, a line from cause to effect.

Colour never carries meaning alone (the lane does); light and dark follow ``prefers-color-scheme`` or a ``data-theme`` attribute
of any ancestor. Times are UTC.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any, NamedTuple

WIDTH = 960
LABEL_WIDTH = 150
LANE_HEIGHT = 34
TITLE_CHARS_MAX = 200
DETAIL_CHARS_MAX = 500

_LIGHT = "--tl-ink:#1b1f24;--tl-soft:#57606a;--tl-lane:#eef1f4;--tl-line:#8c959f;--tl-dot:#0b57d0;--tl-paper:#ffffff"
_DARK = "--tl-ink:#e6edf3;--tl-soft:#a9b4c0;--tl-lane:#21262d;--tl-line:#6e7b88;--tl-dot:#8ab4f8;--tl-paper:#0d1117"
_STYLE = (
    f".tl{{{_LIGHT};font:14px/1.4 system-ui,sans-serif;color:var(--tl-ink);background:var(--tl-paper)}}"
    f"@media (prefers-color-scheme:dark){{.tl{{{_DARK}}}}}"
    f"[data-theme=light] .tl,.tl[data-theme=light]{{{_LIGHT}}}[data-theme=dark] .tl,.tl[data-theme=dark]{{{_DARK}}}"
    ".tl text{fill:var(--tl-ink);font-size:13px}.tl .s{fill:var(--tl-soft);font-size:11px}.tl .l{fill:var(--tl-lane)}"
    ".tl path{fill:none;stroke:var(--tl-line)}.tl circle{fill:var(--tl-dot);stroke:var(--tl-paper)}"
)
_PAGE_STYLE = (
    "body{margin:0}.tl{padding:1rem}.tl-scroll{overflow-x:auto}.tl svg{max-width:100%;height:auto;min-width:640px}"
    ".tl table{border-collapse:collapse;width:100%}.tl th,.tl td{text-align:left;vertical-align:top;padding:.25rem .5rem;"
    "border-bottom:1px solid var(--tl-line)}.tl td{overflow-wrap:anywhere}.tl code{font-size:12px}"
)


class Row(NamedTuple):
    id: int
    at_ms: int
    kind: str
    title: str
    cause: int
    detail: Mapping[str, Any]


def svg(rows: Sequence[Row]) -> str:
    """One ``<svg>``; empty timelines say so in words."""
    return _svg(rows, standalone=True)


def html(rows: Sequence[Row], left_out: int = 0) -> str:
    body = "".join(_table_row(row) for row in rows)
    note = f"<p>{left_out} earlier entries are left out.</p>" if left_out else ""
    empty = "" if rows else "<p>Nothing has happened yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Timeline of the account</title><style>{_STYLE}{_PAGE_STYLE}</style></head>"
        f'<body><main class="tl"><h1>Timeline of the account</h1>{note}{empty}'
        f'<div class="tl-scroll" role="region" aria-label="Timeline picture" tabindex="0">{_svg(rows, standalone=False)}</div>'
        '<div class="tl-scroll" role="region" aria-label="Timeline table" tabindex="0">'
        "<table><caption>The same in words; times are UTC</caption>"
        '<thead><tr><th scope="col">No.</th><th scope="col">Time</th><th scope="col">Kind</th><th scope="col">What</th>'
        '<th scope="col">Because of</th><th scope="col">Detail</th></tr></thead>'
        f"<tbody>{body}</tbody></table></div></main></body></html>"
    )


def _svg(rows: Sequence[Row], *, standalone: bool) -> str:
    lanes = list(dict.fromkeys(row.kind for row in rows))
    height = LANE_HEIGHT * max(1, len(lanes)) + 40
    style = f"<style>{_STYLE}</style>" if standalone else ""
    css = ' class="tl"' if standalone else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg"{css} role="img" viewBox="0 0 {WIDTH} {height}"'
        f' width="{WIDTH}" height="{height}" aria-labelledby="tl-title tl-desc">{style}'
        '<title id="tl-title">Timeline of the account</title>'
        f'<desc id="tl-desc">{_text(_describe(rows, lanes))}</desc>'
    )
    return f"{head}{_lanes(lanes)}{_marks(rows, lanes)}{_axis(rows, height)}</svg>"


def _describe(rows: Sequence[Row], lanes: Sequence[str]) -> str:
    if not rows:
        return "Nothing has happened yet."
    counts = ", ".join(f"{sum(row.kind == lane for row in rows)} {lane}" for lane in lanes)
    return f"{len(rows)} entries from {_time(rows[0].at_ms)} to {_time(rows[-1].at_ms)}: {counts}."


def _lanes(lanes: Sequence[str]) -> str:
    size = f'width="{WIDTH - LABEL_WIDTH - 8}" height="{LANE_HEIGHT - 8}"'
    return "".join(
        f'<rect class="l" x="{LABEL_WIDTH}" y="{14 + index * LANE_HEIGHT}" {size} rx="4"/>'
        f'<text x="8" y="{_y(index) + 4}">{_text(lane)}</text>'
        for index, lane in enumerate(lanes)
    )


def _marks(rows: Sequence[Row], lanes: Sequence[str]) -> str:
    if not rows:
        return ""
    start = rows[0].at_ms
    span = max(1, rows[-1].at_ms - start)
    places: dict[int, tuple[float, int]] = {}
    lines: list[str] = []
    dots: list[str] = []
    for row in rows:
        x = LABEL_WIDTH + 12 + (row.at_ms - start) / span * (WIDTH - LABEL_WIDTH - 32)
        y = _y(lanes.index(row.kind))
        places[row.id] = (x, y)
        if row.cause in places:
            from_x, from_y = places[row.cause]
            middle = (from_x + x) / 2
            lines.append(f'<path d="M{from_x:.1f} {from_y}C{middle:.1f} {from_y} {middle:.1f} {y} {x:.1f} {y}"/>')
        label = _text(f"{_time(row.at_ms)} {row.kind}: {row.title}")
        dots.append(f'<circle cx="{x:.1f}" cy="{y}" r="5"><title>{label}</title></circle>')
    return "".join(lines) + "".join(dots)


def _axis(rows: Sequence[Row], height: int) -> str:
    if not rows:
        return f'<text x="8" y="{height - 12}">Nothing has happened yet.</text>'
    return (
        f'<text class="s" x="{LABEL_WIDTH}" y="{height - 10}">{_time(rows[0].at_ms)}</text>'
        f'<text class="s" x="{WIDTH - 8}" y="{height - 10}" text-anchor="end">{_time(rows[-1].at_ms)}</text>'
    )


def _table_row(row: Row) -> str:
    detail = json.dumps(row.detail, ensure_ascii=False, default=str) if row.detail else ""
    return (
        f'<tr id="tl-{row.id}"><th scope="row">{row.id}</th><td>{_time(row.at_ms)}</td>'
        f"<td>{_text(row.kind)}</td><td>{_text(row.title)}</td>"
        f"<td>{_link(row.cause)}</td>"
        f"<td><code>{_text(detail, DETAIL_CHARS_MAX)}</code></td></tr>"
    )


def _link(cause: int) -> str:
    return f'<a href="#tl-{cause}">{cause}</a>' if cause else ""


def _y(lane: int) -> int:
    return 10 + lane * LANE_HEIGHT + LANE_HEIGHT // 2


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.") + f"{at_ms % 1000:03d}"


def _text(text: str, chars_max: int = TITLE_CHARS_MAX) -> str:
    """Cut, stripped of what XML forbids, and escaped."""
    if len(text) > chars_max:
        text = text[: chars_max - 1] + "…"
    return escape("".join(char if char >= " " or char in "\t\n" else "�" for char in text))
