"""Draws a dashboard as one self-contained SVG. Lines differ by dashes as well as by colour, and each has its last value in words;
light and dark follow ``prefers-color-scheme`` or a ``data-theme`` attribute of any ancestor.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from sandbox.telemetry.dashboard import Drawing, Line, Widget

CELL = 40
GAP = 8
TEXT_CHARS_MAX = 90
_LIGHT = "--db-ink:#1b1f24;--db-soft:#57606a;--db-card:#f6f8fa;--db-rule:#afb8c1;--db-paper:#ffffff"
_LIGHT_LINES = ("#0b57d0", "#a3420b", "#0f6b3a", "#7a2a8c", "#8a1538", "#4a4f00")
_DARK = "--db-ink:#e6edf3;--db-soft:#a9b4c0;--db-card:#161b22;--db-rule:#484f58;--db-paper:#0d1117"
_DARK_LINES = ("#8ab4f8", "#ffb38a", "#7ee2a8", "#d9a3e8", "#ff9fb5", "#d7dc6b")
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 4", "10 5")


def _palette(colours: tuple[str, ...]) -> str:
    return "".join(f";--db-{index}:{colour}" for index, colour in enumerate(colours))


_STYLE = (
    f".db{{{_LIGHT}{_palette(_LIGHT_LINES)};font:13px/1.4 system-ui,sans-serif;background:var(--db-paper)}}"
    f"@media (prefers-color-scheme:dark){{.db{{{_DARK}{_palette(_DARK_LINES)}}}}}"
    f"[data-theme=light] .db,.db[data-theme=light]{{{_LIGHT}{_palette(_LIGHT_LINES)}}}"
    f"[data-theme=dark] .db,.db[data-theme=dark]{{{_DARK}{_palette(_DARK_LINES)}}}"
    ".db text{fill:var(--db-ink)}.db .s{fill:var(--db-soft);font-size:11px}.db .b{font-size:26px}.db .t{font-weight:600}"
    ".db .c{fill:var(--db-card);stroke:var(--db-rule)}.db path{fill:none;stroke-width:2}.db .r{stroke:var(--db-rule)}"
)


def svg(drawing: Drawing) -> str:
    """Empty dashboards say so in words."""
    width = 24 * CELL + GAP
    height = max((widget.y + widget.height for widget in drawing.widgets), default=2) * CELL + 2 * GAP + 24
    body = "".join(_widget(widget, drawing) for widget in drawing.widgets)
    empty = "" if drawing.widgets else f'<text x="{GAP}" y="60">This dashboard has no widgets.</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="db" role="img" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" aria-labelledby="db-title db-desc"><style>{_STYLE}</style>'
        f'<title id="db-title">{_text("Dashboard " + drawing.name)}</title>'
        f'<desc id="db-desc">{_text(_describe(drawing), 4_000)}</desc>'
        f'<text class="t" x="{GAP}" y="18">{_text(drawing.name)}</text>{empty}{body}</svg>'
    )


def _describe(drawing: Drawing) -> str:
    parts = []
    for widget in drawing.widgets:
        said = "; ".join([*(_said(line) for line in widget.lines), *widget.texts])
        parts.append(f"{widget.title or widget.kind}: {said or 'no data'}.")
    return " ".join(parts) or "This dashboard has no widgets."


def _widget(widget: Widget, drawing: Drawing) -> str:
    x, y = widget.x * CELL + GAP, widget.y * CELL + GAP + 24
    width, height = widget.width * CELL - GAP, widget.height * CELL - GAP
    card = f'<rect class="c" width="{width}" height="{height}" rx="4"/><text class="t" x="10" y="20">{_text(widget.title)}</text>'
    if widget.kind == "chart":
        inside = _chart(widget, drawing, width, height)
    elif widget.kind == "number":
        inside = _numbers(widget)
    else:
        rows = widget.texts[: max(1, (height - 30) // 18)]
        inside = "".join(f'<text x="10" y="{42 + index * 18}">{_text(row)}</text>' for index, row in enumerate(rows))
    return f'<g transform="translate({x} {y})">{card}{inside}</g>'


def _numbers(widget: Widget) -> str:
    rows = []
    for index, line in enumerate(widget.lines):
        value = _number(line.points[-1][1]) if line.points else "no data"
        rows.append(f'<text class="b" x="10" y="{52 + index * 50}">{_text(value)}</text>')
        rows.append(f'<text class="s" x="10" y="{68 + index * 50}">{_text(line.label)}</text>')
    return "".join(rows)


def _chart(widget: Widget, drawing: Drawing, width: int, height: int) -> str:
    legend = min(len(widget.lines), 4)
    left, top, right, bottom = 56, 30, width - 12, max(60, height - 24 - 16 * legend)
    values = [value for line in widget.lines for _, value in line.points] + [value for _, value in widget.levels]
    if not values:
        return '<text class="s" x="10" y="44">No data in this time.</text>'
    low, high = min(0.0, *values), max(values)
    high = high if high > low else low + 1.0
    span = max(1.0, drawing.end - drawing.start)

    def place(at: float, value: float) -> str:
        across = left + (at - drawing.start) / span * (right - left)
        return f"{across:.1f} {bottom - (value - low) / (high - low) * (bottom - top):.1f}"

    parts = [f'<path class="r" d="M{left} {top}V{bottom}H{right}"/>']
    parts += [
        f'<text class="s" x="{left - 4}" y="{top + 4}" text-anchor="end">{_number(high)}</text>',
        f'<text class="s" x="{left - 4}" y="{bottom}" text-anchor="end">{_number(low)}</text>',
        f'<text class="s" x="{left}" y="{bottom + 14}">{_clock(drawing.start)}</text>',
        f'<text class="s" x="{right}" y="{bottom + 14}" text-anchor="end">{_clock(drawing.end)}</text>',
    ]
    for label, value in widget.levels:
        start, end = place(drawing.start, value), place(drawing.end, value)
        parts.append(f'<path class="r" stroke-dasharray="3 3" d="M{start}L{end}"><title>{_text(label)}</title></path>')
    for index, line in enumerate(widget.lines):
        parts.append(_line(index, line, [place(at, value) for at, value in line.points]))
    for index, line in enumerate(widget.lines[:legend]):
        style = f'style="stroke:var(--db-{index % 6})" stroke-dasharray="{_DASHES[index % 6]}"'
        y = bottom + 30 + index * 16
        parts.append(f'<path {style} d="M10 {y - 4}H34"/><text class="s" x="40" y="{y}">{_text(_said(line))}</text>')
    return "".join(parts)


def _line(index: int, line: Line, places: list[str]) -> str:
    colour, dash = f"var(--db-{index % 6})", _DASHES[index % 6]
    if len(places) == 1:
        x, y = places[0].split()
        return f'<circle cx="{x}" cy="{y}" r="3" style="fill:{colour}"><title>{_text(_said(line))}</title></circle>'
    if not places:
        return ""
    course = "L".join(places)
    path = f'<path style="stroke:{colour}" stroke-dasharray="{dash}" d="M{course}">'
    return f"{path}<title>{_text(_said(line))}</title></path>"


def _said(line: Line) -> str:
    return f"{line.label}: {_number(line.points[-1][1])}" if line.points else f"{line.label}: no data"


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 1e6 else f"{value:.3e}"


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%m-%d %H:%M")


def _text(text: str, chars_max: int = TEXT_CHARS_MAX) -> str:
    """Cut, stripped of what XML forbids, and escaped."""
    if len(text) > chars_max:
        text = text[: chars_max - 1] + "…"
    return escape("".join(char if char >= " " else " " for char in text))
