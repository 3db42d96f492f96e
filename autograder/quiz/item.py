"""A quiz item as data: what is asked, every choice with the reason why it is right or wrong, and what it tests.

Texts are MyST, the book's own markup, so that numbers in them come from the facts file; ``plain`` takes it out again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

LEVELS = ("remember", "apply", "diagnose")
TYPES = ("single", "multiple", "numeric", "order", "match", "predict", "fault")


@dataclass(frozen=True, slots=True)
class Choice:
    """``key`` names the choice in answers. ``why`` is what somebody is told who took it."""

    key: str
    text: str
    why: str
    correct: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """``many``: every right choice has to be taken, and no other. The right one of ``predict`` has no text before the run."""

    choices: tuple[Choice, ...]
    many: bool = False

    @property
    def correct(self) -> frozenset[str]:
        return frozenset(choice.key for choice in self.choices if choice.correct)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong number that people come to, and how."""

    value: float
    why: str


@dataclass(frozen=True, slots=True)
class Numeric:
    """Right within ``tolerance``, which is absolute and inclusive."""

    value: float
    unit: str
    why: str
    tolerance: float = 0
    mistakes: tuple[Mistake, ...] = ()

    def accepts(self, number: float) -> bool:
        return abs(number - self.value) <= self.tolerance + 1e-9 * max(1.0, abs(self.value))


@dataclass(frozen=True, slots=True)
class Order:
    """Steps in the right order; ``why`` of each says why it stands where it does."""

    steps: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """``left`` belongs to ``right``."""

    left: str
    right: str
    why: str


@dataclass(frozen=True, slots=True)
class Match:
    """``extra`` are partners of nobody. Two lefts may have the same right."""

    pairs: tuple[Pair, ...]
    extra: tuple[str, ...] = ()

    @property
    def rights(self) -> tuple[str, ...]:
        """What can be chosen, each once, in an order that gives nothing away."""
        return tuple(sorted({*(pair.right for pair in self.pairs), *self.extra}))


Body = Choices | Numeric | Order | Match


@dataclass(frozen=True, slots=True)
class Item:
    """``id`` is unique in the bank and never changes. ``code`` is shown with the question; ``predict`` runs it."""

    id: str
    topic: str
    type: str
    level: str
    difficulty: int
    question: str
    body: Body
    code: str = ""
    explanation: str = ""
    facts: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        return self.topic.partition("-")[0]

    def with_output(self, output: str) -> Item:
        """A ``predict`` item whose right choice is what its code printed. ValueError: a wrong choice says the same."""
        if self.type != "predict" or not isinstance(self.body, Choices):
            return self
        wrong = [choice.text.strip() for choice in self.body.choices if not choice.correct]
        if output.strip() in wrong:
            raise ValueError(f"item {self.id}: a choice marked as wrong is what the code prints: {output.strip()!r}")
        filled = tuple(replace(choice, text=output.rstrip()) if choice.correct else choice for choice in self.body.choices)
        return replace(self, body=replace(self.body, choices=filled))
