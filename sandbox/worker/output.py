"""``sys.stdout`` and ``sys.stderr`` of a function: every line of text becomes one log record."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

Record = Callable[[str], None]


class LineStream(io.TextIOBase):
    """A text stream cut into lines. ``finish`` hands over a last line without newline, so no record is late."""

    def __init__(self, record: Record, descriptor: int) -> None:
        super().__init__()
        self._record = record
        self._descriptor = descriptor
        self._rest = ""
        self.buffer = ByteStream(self)
        self.name = "<stdout>" if descriptor == 1 else "<stderr>"
        self.mode = "w"

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        return "strict"

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if "\n" not in text:
            self._rest += text
            return len(text)
        rest, self._rest = self._rest, ""
        lines = (rest + text).split("\n")
        self._rest = lines.pop()
        for line in lines:
            self._record(line)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def finish(self) -> None:
        if self._rest:
            rest, self._rest = self._rest, ""
            self._record(rest)

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def close(self) -> None:
        """A function cannot lose its output by closing the stream."""

    def reconfigure(self, **_: Any) -> None:
        """Accepted, as ``TextIOWrapper``'s; the stream stays line by line in UTF-8."""


class ByteStream(io.RawIOBase):
    """``sys.stdout.buffer``: bytes into the same lines; what is not UTF-8 is replaced."""

    def __init__(self, text: LineStream) -> None:
        super().__init__()
        self._text = text

    def write(self, data: Any) -> int:
        raw = bytes(data)
        self._text.write(raw.decode("utf-8", "replace"))
        return len(raw)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._text.fileno()

    def close(self) -> None:
        """See ``LineStream.close``."""
