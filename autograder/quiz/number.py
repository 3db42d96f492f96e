"""A number as a person writes it: with separators of thousands, with a point or a comma for decimals.

``courseware/web/src/number.js`` reads the same in a page; one table of cases tests both.
"""

from __future__ import annotations

import re

TWO_READINGS = "that number can be read in more than one way: write it without separators, with a point for decimals"
_SPACES = re.compile(r"(?<=\d)[ _'\u2019\u00a0\u2009\u202f](?=\d)")
_PLAIN = re.compile(r"\d{1,15}(?:\.\d{1,15})?|\.\d{1,15}")
_COMMAS = re.compile(r"[1-9]\d{0,2}(?:,\d{3}){1,4}(?:\.\d{1,15})?")
_POINTS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){1,4},\d{1,15}|[1-9]\d{0,2}(?:\.\d{3}){2,4}")
_DECIMAL_COMMA = re.compile(r"\d{0,15},\d{1,15}")
_ANY = re.compile(r"(?=.*\d)[\d.,]*[.,][\d.,]*")


def number_of(written: str) -> float | None:
    """``1,000`` is a thousand, ``351,0`` and ``0,125`` have a decimal comma. None is no number; ValueError: it could be two."""
    text = _SPACES.sub("", written.strip()).replace("\u2212", "-")
    sign, text = (-1 if text[:1] == "-" else 1), re.sub(r"^[-+]|\.$", "", text)
    if _PLAIN.fullmatch(text):
        return sign * float(text)
    if _COMMAS.fullmatch(text):
        return sign * float(text.replace(",", ""))
    if _POINTS.fullmatch(text):
        return sign * float(text.replace(".", "").replace(",", "."))
    if _DECIMAL_COMMA.fullmatch(text):
        return sign * float(text.replace(",", "."))
    if _ANY.fullmatch(text):
        raise ValueError(TWO_READINGS)
    return None
