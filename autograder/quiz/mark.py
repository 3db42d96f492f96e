"""An answer to an item, marked: right or not, how much of it, and what to say about each part that was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.quiz.item import Choices, Item, Match, Numeric, Order
from autograder.quiz.number import number_of

Answer = str | float | Sequence[str] | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """``share`` is between 0 and 1; ``right`` means all of it. ``says`` are explanations of what was chosen."""

    right: bool
    share: float
    says: tuple[str, ...]


def mark(item: Item, answer: Answer) -> Mark:
    """Answers are data: a key or keys of choices, a number, keys in order, left to right. ValueError: of another form.

    ``multiple`` gives a share for right choices less wrong ones; ``order`` and ``match`` for what stands in its place.
    """
    body = item.body
    if isinstance(body, Choices):
        return _choices(body, {answer} if isinstance(answer, str) else set(_keys(answer)))
    if isinstance(body, Numeric):
        return _numeric(body, _number(answer))
    if isinstance(body, Order):
        return _order(body, _keys(answer))
    if not isinstance(answer, Mapping):
        raise ValueError("the answer to a match is an object from left to right")
    return _match(body, answer)


def _choices(body: Choices, taken: set[str]) -> Mark:
    known = {choice.key: choice for choice in body.choices}
    if taken - set(known):
        raise ValueError(f"there is no choice {sorted(taken - set(known))[0]!r}")
    right = len(taken & body.correct)
    share = max(0.0, (right - len(taken - body.correct)) / len(body.correct))
    return Mark(taken == body.correct, share, tuple(known[key].why for key in sorted(taken)))


def _numeric(body: Numeric, number: float) -> Mark:
    if body.accepts(number):
        return Mark(right=True, share=1.0, says=(body.why,))
    says = tuple(mistake.why for mistake in body.mistakes if mistake.value == number)
    return Mark(right=False, share=0.0, says=says)


def _order(body: Order, keys: Sequence[str]) -> Mark:
    if sorted(keys) != sorted(step.key for step in body.steps):
        raise ValueError("the answer to an order names every step once")
    hits = [step for step, key in zip(body.steps, keys, strict=True) if step.key == key]
    missed = tuple(step.why for step in body.steps if step not in hits)
    return _partly(len(hits), len(body.steps), missed)


def _match(body: Match, chosen: Mapping[str, str]) -> Mark:
    hits = [pair for pair in body.pairs if chosen.get(pair.left) == pair.right]
    return _partly(len(hits), len(body.pairs), tuple(pair.why for pair in body.pairs if pair not in hits))


def _partly(hits: int, of: int, missed: tuple[str, ...]) -> Mark:
    return Mark(hits == of, hits / of, missed)


def _keys(answer: Answer) -> Sequence[str]:
    if isinstance(answer, str | Mapping | int | float) or not all(isinstance(key, str) for key in answer):
        raise ValueError("the answer is a list of keys")
    return answer


def _number(answer: Answer) -> float:
    if isinstance(answer, bool) or not isinstance(answer, int | float | str):
        raise ValueError("the answer is a number")
    number = number_of(answer) if isinstance(answer, str) else float(answer)
    if number is None:
        raise ValueError("the answer is a number")
    return number
