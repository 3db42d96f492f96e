"""The question bank as cards: Anki's text format, which "File, Import" reads (docs.ankiweb.net, "Importing, Text Files").

One line a card, fields parted by tabs, HTML in them. The item's id is the note's id, so a later import updates cards and
keeps what Anki knows about them.
"""

from __future__ import annotations

import html
from pathlib import Path

from markdown_it import MarkdownIt

from autograder.curriculum import load_curriculum
from autograder.errors import ContentError
from autograder.plain import plain
from autograder.quiz import Item, load_items, shuffled
from autograder.quiz.item import Choices, Match, Numeric, Order
from courseware.sphinx_ext.predictions import with_outputs
from courseware.sphinx_ext.recorder import RecordingError

_HEAD = ("#separator:tab", "#html:true", "#notetype:Basic", "#deck:AWS Lambda, live", "#guid column:1", "#tags column:4")
_LEFT = '<div style="text-align:left">{}</div>'  # Anki's note type Basic centres its cards, code and lists included
_markdown = MarkdownIt("commonmark", {"html": False})


def write_cards(root: Path, target: Path, module: str | None = None) -> int:
    """How many cards were written. ContentError: no such module, or the code of a prediction fails."""
    curriculum = load_curriculum(root)
    if module is not None:
        curriculum.module(module)
    chosen = [item for item in load_items(root, curriculum) if module in {None, item.module}]
    try:
        items = with_outputs(chosen, root / "book" / "_build" / "live-outcomes")
    except (RecordingError, ValueError) as error:
        raise ContentError(str(error)) from error
    target.write_text("\n".join([*_HEAD, *map(card, items)]) + "\n", "utf-8")
    return len(items)


def card(item: Item) -> str:
    """One line: id, front, back, tags."""
    code = f"<pre>{html.escape(item.code)}</pre>" if item.code and item.type != "fault" else ""
    front = _html(item.question) + code + _choices(item)
    back = _answer(item) + (_html(item.explanation) if item.explanation else "")
    fields = (f"lambda-{item.id}", _LEFT.format(front), _LEFT.format(back), f"{item.topic} {item.level}")
    return "\t".join(field.replace("\t", "    ").replace("\n", "<br>") for field in fields)


def _choices(item: Item) -> str:
    body = item.body
    if isinstance(body, Choices) and item.type == "fault":
        return f"<pre>{html.escape(item.code)}</pre>"
    if isinstance(body, Choices):
        shown = shuffled(body.choices, [choice.key for choice in body.choices], item.id)
        return _list("ul", [_choice(item, choice.text) for choice in shown])
    if isinstance(body, Order):
        return _list("ul", [_html(step.text) for step in shuffled(body.steps, [step.key for step in body.steps], item.id)])
    if isinstance(body, Match):
        return (
            _list("ul", [_html(pair.left) for pair in body.pairs])
            + "<p>To choose from:</p>"
            + _list("ul", [*map(_html, body.rights)])
        )
    return ""


def _answer(item: Item) -> str:
    body = item.body
    if isinstance(body, Choices):
        return "".join(_choice(item, choice.text) + _html(choice.why) for choice in body.choices if choice.correct)
    if isinstance(body, Numeric):
        return f"<p><b>{body.value:,.10g} {html.escape(body.unit)}</b></p>" + _html(body.why)
    if isinstance(body, Order):
        return _list("ol", [_html(step.text) + _html(step.why) for step in body.steps])
    return _list("ul", [_html(f"{pair.left}: {pair.right}") + _html(pair.why) for pair in body.pairs])


def _choice(item: Item, text: str) -> str:
    return f"<pre>{html.escape(text)}</pre>" if item.type in {"predict", "fault"} else _html(text)


def _list(tag: str, rows: list[str]) -> str:
    return f"<{tag}>{''.join(f'<li>{row}</li>' for row in rows)}</{tag}>"


def _html(text: str) -> str:
    rendered: str = _markdown.render(plain(text))
    return rendered.strip().replace("\n", " ")
