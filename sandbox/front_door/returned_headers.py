"""What a function returned as headers, before it goes out: one check for Function URLs and API Gateway, so that neither lets a
header be split.
"""

from __future__ import annotations

_BAD_IN_NAME = frozenset('()<>@,;:\\"/[]?={} \t\r\n')


def header_text(value: object) -> str | None:
    """A header's value as text; None for what is neither text, number nor boolean."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None


def is_name(name: str) -> bool:
    """An RFC 9110 token."""
    return bool(name) and name.isascii() and name.isprintable() and not _BAD_IN_NAME.intersection(name)


def is_value(value: str) -> bool:
    """No line break and no NUL: a value ends where it ends."""
    return not any(character in value for character in "\r\n\0")
