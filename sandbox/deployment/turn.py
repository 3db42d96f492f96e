"""One thing after the other, each perhaps finishing later; things that finish at once cost no depth of the stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Done = Callable[[bool], None]
"""Called once per item: True goes on to the next, False ends the row without its end."""


class Turn:
    def __init__(self, items: Iterable[str], do: Callable[[str, Done], None], end: Callable[[], None]) -> None:
        self._left = list(items)
        self._do = do
        self._end = end
        self._busy = False
        self._again = False
        self._over = False

    def go(self) -> None:
        if self._busy:
            self._again = True
            return
        self._busy = True
        try:
            self._run()
        finally:
            self._busy = False

    def _run(self) -> None:
        self._again = True
        while self._again and not self._over:
            self._again = False
            if self._left:
                self._do(self._left.pop(0), self._done)
            else:
                self._over = True
                self._end()

    def _done(self, goes_on: bool) -> None:
        if goes_on:
            self.go()
        else:
            self._over = True
