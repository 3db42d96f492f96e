"""A loop out of callbacks: turns that complete synchronously follow one another without growing the stack."""

from __future__ import annotations

from collections.abc import Callable


class Trampoline:
    """``turn`` says whether there may be more to do; after ``turns_max`` in a row ``tired`` is called instead of the next."""

    __slots__ = ("_again", "_running", "_tired", "_turn", "_turns_max")

    def __init__(self, turn: Callable[[], bool], turns_max: int, tired: Callable[[], None]) -> None:
        self._turn = turn
        self._turns_max = turns_max
        self._tired = tired
        self._running = False
        self._again = False

    def go(self) -> None:
        """Called from within a turn it asks for another one."""
        if self._running:
            self._again = True
            return
        self._running = True
        try:
            for _ in range(self._turns_max):
                self._again = False
                if not self._turn() and not self._again:
                    return
        finally:
            self._running = False
        self._tired()
