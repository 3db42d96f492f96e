"""An item as one learner is asked it: Markdown with choices in an order of their own, and the answer read back as data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from autograder.plain import plain
from autograder.quiz.draw import shuffled
from autograder.quiz.item import Choices, Item, Match, Order
from autograder.quiz.mark import Answer
from autograder.quiz.number import number_of

ANSWER_CHARS_MAX = 200
_BLANK = re.compile(r"^\s*answer\s*:?", re.IGNORECASE)
_NUMBER = re.compile(r"([-+\u2212]?[\d.,](?:[\d., _'\u2019\u00a0\u2009\u202f]*\d)?)\.?(?:\s*(?!e[-+]?\d)[^\d\s.,-].*)?")
_PAIR = re.compile(r"(\d{1,2})[\s.:=>)-]*([A-Za-z])(?![A-Za-z])[\s,;]*")


@dataclass(frozen=True, slots=True)
class Question:
    """``labels`` maps what a learner writes (``B``; for a fault, the line's number) to the item's key or text for it."""

    number: int
    item: Item
    text: str
    labels: dict[str, str]

    def read(self, written: str) -> Answer | None:
        """What was written as an answer to ``mark``, None for nothing. ValueError says in which form it is asked for."""
        text = _BLANK.sub("", written.strip().strip("`*")).strip().strip("`*").strip()
        if not text:
            return None
        if len(text) > ANSWER_CHARS_MAX:
            raise ValueError(f"the answer is longer than {ANSWER_CHARS_MAX} characters; {_form(self.item)}")
        return _READERS.get(self.item.type, _one)(self, text)


def asked(item: Item, number: int, salt: str) -> Question:
    """The question, with choices shuffled by ``salt``."""
    labels, choices = _choices(item, salt)
    code = _fenced(item.code, "python") if item.code and item.type != "fault" else ""
    how = _HOW[item.type] + (f" Unit: {item.body.unit}." if hasattr(item.body, "unit") else "")
    parts = [f"### Question {number}", plain(item.question), code, choices, f"*{how}*"]
    return Question(number, item, "\n\n".join(part for part in parts if part), labels)


def _choices(item: Item, salt: str) -> tuple[dict[str, str], str]:
    body = item.body
    if item.type == "fault":
        lines = item.code.splitlines()
        numbered = "\n".join(f"{at:>3}  {line}".rstrip() for at, line in enumerate(lines, 1))
        return {str(at): str(at) for at, line in enumerate(lines, 1) if line.strip()}, _fenced(numbered)
    if isinstance(body, Choices | Order):
        listed = body.choices if isinstance(body, Choices) else body.steps
        rows = shuffled(listed, [choice.key for choice in listed], salt)
        shown = [_fenced(row.text) if item.type == "predict" else plain(row.text) for row in rows]
        return dict(zip(ascii_uppercase, (row.key for row in rows), strict=False)), _lettered(shown)
    if isinstance(body, Match):
        rights = shuffled(body.rights, body.rights, salt)
        lefts = "\n".join(f"{at}. {plain(pair.left)}" for at, pair in enumerate(body.pairs, 1))
        return dict(zip(ascii_uppercase, rights, strict=False)), f"{lefts}\n\n{_lettered([plain(text) for text in rights])}"
    return {}, ""


def _lettered(texts: Sequence[str]) -> str:
    rows = zip(ascii_uppercase, texts, strict=False)
    return "\n".join(f"- **{letter}.**" + (f"\n\n{_indented(text)}\n" if "\n" in text else f" {text}") for letter, text in rows)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


def _fenced(code: str, language: str = "text") -> str:
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def _form(item: Item) -> str:
    """How to write the answer, without the question that some begin with."""
    return _HOW[item.type].rpartition("? ")[2]


def _one(question: Question, text: str) -> Answer:
    keys = _keys(question, text)
    if len(keys) != 1:
        raise ValueError(_form(question.item))
    return keys[0]


def _keys(question: Question, text: str) -> list[str]:
    """``B, C``, ``b c`` and ``BC`` are the same."""
    words = re.findall(r"[^\s,;.>()-]+", text)
    if question.item.type != "fault":
        words = [letter.upper() for word in words for letter in word] if all(word.isalpha() for word in words) else words
    if any(word not in question.labels for word in words):
        raise ValueError(_form(question.item))
    return [question.labels[word] for word in words]


def _line(question: Question, text: str) -> Answer:
    return _one(question, re.sub(r"^line\b", "", text, flags=re.IGNORECASE))


def _number(question: Question, text: str) -> Answer:
    found = _NUMBER.fullmatch(text)
    number = number_of(found[1]) if found else None
    if number is None:
        raise ValueError(_form(question.item))
    return number


def _pairs(question: Question, text: str) -> Answer:
    body = question.item.body
    assert isinstance(body, Match)
    found = _PAIR.findall(text)
    lefts = {str(at): pair.left for at, pair in enumerate(body.pairs, 1)}
    if not re.fullmatch(f"(?:{_PAIR.pattern})+", text) or len({left for left, _ in found}) != len(found):
        raise ValueError(_form(question.item))
    if any(left not in lefts or right.upper() not in question.labels for left, right in found):
        raise ValueError(_form(question.item))
    return {lefts[left]: question.labels[right.upper()] for left, right in found}


_READERS = {"multiple": _keys, "order": _keys, "numeric": _number, "match": _pairs, "fault": _line}
_HOW = {
    "single": "Write one letter.",
    "multiple": "Write the letter of each that applies, such as A, C. A wrong one takes away what a right one gives.",
    "numeric": "Write a number, with a point for decimals.",
    "order": "Write all the letters in the right order, such as B, A, C.",
    "match": "Write each number with its letter, such as 1 B, 2 A.",
    "predict": "What does the code print? Write one letter.",
    "fault": "Which line is at fault? Write its number.",
}
