"""What each type of item has besides the question: choices, a number, steps, pairs, code with its fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from autograder.errors import ContentError
from autograder.quiz.item import Body, Choice, Choices, Match, Mistake, Numeric, Order, Pair
from sandbox.facts import facts, figures, limit_part

_CHOICES_MIN, _CHOICES_MAX = 2, 8
_ONE_OF = TypeVar("_ONE_OF", str, int)


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the YAML as it was written; asking for a key checks its kind."""

    file: str
    number: int
    raw: Mapping[str, Any]

    def wrong(self, why: str) -> ContentError:
        name = self.raw.get("id") if isinstance(self.raw, Mapping) else None
        return ContentError(f"{self.file}: item {name or self.number}: {why}")

    def text(self, key: str, optional: bool = False) -> str:
        value = self._get(key, "" if optional else None)
        if not isinstance(value, str) or not (value.strip() or optional):
            raise self.wrong(f"needs `{key}:`, a text (quote it if YAML takes it for something else)")
        return value.strip("\n") if key == "code" else value.strip()

    def rows(self, key: str, optional: bool = False) -> list[Any]:
        value = self._get(key, [] if optional else None)
        if not isinstance(value, list):
            raise self.wrong(f"needs `{key}:`, a list")
        return value

    def number_of(self, key: str) -> float:
        value = self._get(key, None)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(f"needs `{key}:`, a number without unit")
        return value

    def one_of(self, key: str, allowed: Sequence[_ONE_OF]) -> _ONE_OF:
        value = self._get(key, None)
        for option in allowed:
            if value == option:
                return option
        raise self.wrong(f"`{key}:` is {value!r}; it must be one of {', '.join(map(str, allowed))}")

    def only(self, known: set[str]) -> None:
        strange = set(self.raw) - known
        if strange:
            raise self.wrong(f"`{sorted(strange)[0]}:` is not known here; known are {', '.join(sorted(known))}")

    def inner(self, value: Any) -> Row:
        """A row within this one, with the same name in messages."""
        if not isinstance(value, Mapping):
            raise self.wrong(f"{value!r} should be an entry with keys, such as `- text: …`")
        return Row(self.file, self.number, {"id": self.raw.get("id"), **value})

    def _get(self, key: str, default: Any) -> Any:
        if not isinstance(self.raw, Mapping):
            raise self.wrong("is no entry with keys; begin each with `- id: …`")
        value = self.raw.get(key)
        return default if value is None else value


def body_of(kind: str, row: Row) -> tuple[Body, set[str]]:
    """The body and the keys it was read from."""
    return _READERS[kind](row)


def code_of(kind: str, row: Row) -> str:
    """Needed where the question is about code, allowed everywhere else."""
    return row.text("code", optional=kind not in {"predict", "fault"})


def _single(row: Row) -> tuple[Body, set[str]]:
    return Choices(_listed(row, rights=1)), {"choices"}


def _multiple(row: Row) -> tuple[Body, set[str]]:
    return Choices(_listed(row, rights=None), many=True), {"choices"}


def _predict(row: Row) -> tuple[Body, set[str]]:
    """The right choice has a ``why`` and no text: what the code prints is found out by running it."""
    right = Choice("a", "", row.text("why"), correct=True)
    wrong = _listed(row, rights=0, first="b")
    return Choices((right, *wrong)), {"choices", "why"}


def _fault(row: Row) -> tuple[Body, set[str]]:
    """Every line of code that is not blank can be chosen; ``fault`` quotes a part of the one that is wrong."""
    lines = row.text("code").splitlines()
    told = {_line(row, lines, row.text("fault")): (row.text("why"), True)}
    for raw in row.rows("decoys", optional=True):
        decoy = row.inner(raw)
        decoy.only({"id", "line", "why"})
        at = _line(row, lines, decoy.text("line"))
        if at in told:
            raise row.wrong(f"two explanations are about the line {lines[at].strip()!r}")
        told[at] = (decoy.text("why"), False)
    otherwise = row.text("otherwise")
    choices = [Choice(str(at + 1), line, *told.get(at, (otherwise, False))) for at, line in enumerate(lines) if line.strip()]
    return Choices(tuple(choices)), {"fault", "why", "decoys", "otherwise"}


def _line(row: Row, lines: list[str], quoted: str) -> int:
    found = [at for at, line in enumerate(lines) if quoted in line]
    if len(found) != 1:
        raise row.wrong(f"{quoted!r} stands in {len(found)} lines of the code; quote a part that stands in one")
    return found[0]


def _numeric(row: Row) -> tuple[Body, set[str]]:
    mistakes = []
    for raw in row.rows("mistakes", optional=True):
        mistake = row.inner(raw)
        mistake.only({"id", "value", "why"})
        mistakes.append(Mistake(mistake.number_of("value"), mistake.text("why")))
    tolerance = row.number_of("tolerance") if "tolerance" in row.raw else 0
    body = Numeric(_answer(row), row.text("unit"), row.text("why"), tolerance, tuple(mistakes))
    if any(body.accepts(mistake.value) for mistake in mistakes):
        raise row.wrong("one of the mistakes would be accepted as right")
    return body, {"answer", "derived", "unit", "why", "tolerance", "mistakes"}


def _answer(row: Row) -> float:
    """A limit's number by name, a number that a cited fact holds, or one ``derived`` from what the question gives."""
    raw = row.raw.get("answer")
    if isinstance(raw, str):
        try:
            return limit_part(raw)[0]
        except KeyError as error:
            raise row.wrong(str(error.args[0])) from error
    number = row.number_of("answer")
    held = {figure for name in row.rows("facts", optional=True) if name in facts() for figure in figures(facts()[name].value)}
    if row.raw.get("derived") is not True and f"{number:g}" not in {f"{float(figure):g}" for figure in held if _plain(figure)}:
        raise row.wrong(
            f"no fact in `facts:` holds the answer {number:g}; cite one that does, name a limit (`answer: timeout_s.max`), "
            "or say `derived: true` when it follows from numbers in the question"
        )
    return number


def _plain(figure: str) -> bool:
    return figure.replace(".", "", 1).isdigit()


def _order(row: Row) -> tuple[Body, set[str]]:
    steps = []
    for number, raw in enumerate(_some(row, "steps")):
        step = row.inner(raw)
        step.only({"id", "text", "why"})
        steps.append(Choice(_letter(number), step.text("text"), step.text("why"), correct=True))
    return Order(tuple(steps)), {"steps"}


def _match(row: Row) -> tuple[Body, set[str]]:
    pairs = []
    for raw in _some(row, "pairs"):
        pair = row.inner(raw)
        pair.only({"id", "left", "right", "why"})
        pairs.append(Pair(pair.text("left"), pair.text("right"), pair.text("why")))
    if len({pair.left for pair in pairs}) != len(pairs):
        raise row.wrong("two pairs have the same left")
    extra = tuple(str(text) for text in row.rows("extra", optional=True))
    return Match(tuple(pairs), extra), {"pairs", "extra"}


def _listed(row: Row, rights: int | None, first: str = "a") -> tuple[Choice, ...]:
    choices = []
    for number, raw in enumerate(_some(row, "choices", 1 if first != "a" else _CHOICES_MIN)):
        choice = row.inner(raw)
        choice.only({"id", "text", "why", "correct"})
        key = _letter(number + ord(first) - ord("a"))
        choices.append(Choice(key, choice.text("text"), choice.text("why"), choice.raw.get("correct") is True))
    right = sum(choice.correct for choice in choices)
    if rights is not None and right != rights:
        raise row.wrong(f"{right} choices say `correct: true`; this type needs {rights or 'none (the output is the right one)'}")
    if rights is None and not 1 <= right < len(choices):
        raise row.wrong("at least one choice must be correct and at least one not")
    if len({choice.text for choice in choices}) != len(choices):
        raise row.wrong("two choices have the same text")
    return tuple(choices)


def _some(row: Row, key: str, least: int = _CHOICES_MIN) -> list[Any]:
    found = row.rows(key)
    if not least <= len(found) <= _CHOICES_MAX:
        raise row.wrong(f"`{key}:` has {len(found)} entries; {least} to {_CHOICES_MAX} can be read at a glance")
    return found


def _letter(number: int) -> str:
    return chr(ord("a") + number)


_READERS: dict[str, Callable[[Row], tuple[Body, set[str]]]] = {
    "single": _single,
    "multiple": _multiple,
    "numeric": _numeric,
    "order": _order,
    "match": _match,
    "predict": _predict,
    "fault": _fault,
}
