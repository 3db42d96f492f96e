"""The parts of an item's markup that depend on its type: what can be chosen, and what is said about each choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from docutils import nodes

from autograder.quiz import Item, shuffled
from autograder.quiz.item import Choice, Choices, Match, Numeric, Order
from courseware.sphinx_ext.markup import element, markup

Parse = Callable[[str], list[nodes.Node]]


@dataclass(slots=True)
class Parts:
    """``whys`` name what they are about in ``data-for`` (keys, ``*`` for all) and carry ``data-right`` where it is right."""

    choices: Sequence[nodes.Node]
    whys: Sequence[nodes.Node]
    attributes: dict[str, str] = field(default_factory=dict)


def choices_parts(item: Item, body: Choices, parse: Parse) -> Parts:
    """Shown in an order drawn from the item's id; lines of code stay where they are."""
    if item.type == "fault":
        return _lines_parts(body, parse)
    shown = shuffled(body.choices, [choice.key for choice in body.choices], item.id)
    parse_text = _verbatim if item.type == "predict" else parse
    listed = [element("li", {"data-key": choice.key}, *parse_text(choice.text)) for choice in shown]
    whys = [_why(choice, f"{chr(ord('A') + at)} is {_judged(choice)}.", parse) for at, choice in enumerate(shown)]
    return Parts([element("ol", {"class": "qi-choices", "type": "A"}, *listed)], whys)


def _lines_parts(body: Choices, parse: Parse) -> Parts:
    listed = [
        element("li", {"data-key": choice.key, "value": choice.key}, element("code", {}, choice.text)) for choice in body.choices
    ]
    right = next(choice for choice in body.choices if choice.correct)
    by_why: dict[str, list[Choice]] = {}
    for choice in body.choices:
        by_why.setdefault(choice.why, []).append(choice)
    whys = [_why(right, f"Line {right.key} is at fault.", parse)]
    for why, about in by_why.items():
        if right not in about:
            keys = " ".join(choice.key for choice in about)
            lead = f"Line {keys} is not." if len(about) == 1 else "The other lines are not."
            whys.append(element("div", {"class": "qi-why", "data-for": keys}, _lead(lead), *parse(why)))
    return Parts([element("ol", {"class": "qi-choices qi-lines"}, *listed)], whys)


def numeric_parts(body: Numeric, parse: Parse) -> Parts:
    right = _lead(f"{body.value:,.10g} {body.unit}.")
    whys = [element("div", {"class": "qi-why", "data-for": "=", "data-right": "true"}, right, *parse(body.why))]
    for mistake in body.mistakes:
        said = _lead(f"{mistake.value:,.10g} is not right.")
        whys.append(element("div", {"class": "qi-why", "data-for": f"{mistake.value:.12g}"}, said, *parse(mistake.why)))
    attributes = {"data-value": f"{body.value:.12g}", "data-tolerance": f"{body.tolerance:.12g}", "data-unit": body.unit}
    return Parts([], whys, attributes)


def order_parts(item: Item, body: Order, parse: Parse) -> Parts:
    """Never shown in the right order."""
    keys = [step.key for step in body.steps]
    salts = (f"{item.id}{count}" for count in range(100))
    shown = next(order for salt in salts if (order := shuffled(body.steps, keys, salt)) != list(body.steps))
    listed = [element("li", {"data-key": step.key}, *parse(step.text)) for step in shown]
    whys = [
        element("div", {"class": "qi-why", "data-for": step.key}, _lead(f"{at}."), *parse(step.text), *parse(step.why))
        for at, step in enumerate(body.steps, 1)
    ]
    return Parts([element("ul", {"class": "qi-steps"}, *listed)], whys)


def match_parts(body: Match, parse: Parse) -> Parts:
    rights = {text: str(at) for at, text in enumerate(body.rights)}
    lefts = [element("li", {"data-key": str(at)}, *parse(pair.left)) for at, pair in enumerate(body.pairs)]
    partners = [element("li", {"data-key": key}, *parse(text)) for text, key in rights.items()]
    whys = [
        element(
            "div",
            {"class": "qi-why", "data-for": str(at), "data-partner": rights[pair.right]},
            element("div", {"class": "qi-pair"}, *parse(pair.left), _lead("belongs to"), *parse(pair.right)),
            *parse(pair.why),
        )
        for at, pair in enumerate(body.pairs)
    ]
    return Parts([element("ul", {"class": "qi-lefts"}, *lefts), element("ul", {"class": "qi-rights"}, *partners)], whys)


def _why(choice: Choice, lead: str, parse: Parse) -> markup:
    attributes = {"class": "qi-why", "data-for": choice.key} | ({"data-right": "true"} if choice.correct else {})
    return element("div", attributes, _lead(lead), *parse(choice.why))


def _judged(choice: Choice) -> str:
    return "right" if choice.correct else "wrong"


def _lead(words: str) -> markup:
    return element("p", {"class": "qi-lead"}, words)


def _verbatim(text: str) -> list[nodes.Node]:
    return [element("pre", {}, text)]
