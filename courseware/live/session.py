"""The session of one page: one account, one namespace, cells in turn. The build and the browser's worker both hold one."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from courseware.live.cell import execute, missing_name
from courseware.live.display import TEXT_CHARS_MAX, show
from courseware.live.error_report import CELL_PREFIX, report

Write = Callable[[str, str], None]  # (stream: out | err, text)


@dataclass(frozen=True, slots=True)
class Ran:
    """What one cell came to. ``missing`` names what an earlier cell would have made; texts end with a newline or are empty."""

    ok: bool
    value: str = ""
    svg: str = ""
    alt: str = ""
    error: str = ""
    missing: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Session:
    """Cells share names as in a notebook; ``names`` are there from the start. The account is whatever boto3 reaches here."""

    def __init__(self, **names: Any) -> None:
        self.namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__, **names}

    def run(self, code: str, name: str, write: Write) -> Ran:
        """Run one cell, handing its output on as it comes; errors of the cell are an answer, never raised."""
        out, err = _Stream("out", write), _Stream("err", write)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                value = execute(code, f"{CELL_PREFIX}{name}>", self.namespace)
                shown = show(value)
            except KeyboardInterrupt:
                return Ran(ok=False, error="Interrupted\n")
            except BaseException as error:  # noqa: BLE001 - SystemExit and friends are the cell's own doing and its answer
                return Ran(ok=False, error=report(error), missing=missing_name(error))
        return Ran(ok=True, value=shown.text, svg=shown.svg, alt=shown.alt)


class _Stream(io.TextIOBase):
    """A text stream that hands on what is written, up to a bound that it names when it is reached."""

    def __init__(self, stream: str, write: Write) -> None:
        self._stream = stream
        self._write = write
        self._left = TEXT_CHARS_MAX * 5

    def write(self, text: str) -> int:
        if self._left > 0:
            kept = text[: self._left]
            self._left -= len(kept)
            self._write(
                self._stream,
                kept
                if self._left
                else f"{kept}\n… output stopped here: a cell shows at most {TEXT_CHARS_MAX * 5:,} characters\n",
            )
        return len(text)

    def writable(self) -> bool:
        return True
