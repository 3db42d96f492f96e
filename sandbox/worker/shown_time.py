"""Time as a function sees it where its clock is not the machine's: in virtual time, or under a fault rule of the kind ``clock``.

``time``'s clocks and ``datetime.now()`` are replaced inside the function's process. What it starts as another program, file times
and waits keep the machine's clock, and so does whatever asks the kernel past Python. The inline runtime shares ``ShownDatetime``.
"""

from __future__ import annotations

import copyreg
import datetime as dt
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

_REAL = {name: getattr(time, name) for name in ("time", "monotonic", "perf_counter", "gmtime", "localtime", "strftime")}
_NANO = 1_000_000_000
_PICKLE_WITH_FOLD = 4  # the first protocol that keeps a datetime's ``fold``
_RealDatetime = dt.datetime


class ShownTime:
    """Two offsets to the machine's clock: ``ahead_s`` for everything, ``skew_s`` for the date only.

    Nothing is replaced until one of them is not zero: an ordinary function's ``datetime.datetime`` is Python's own.
    """

    def __init__(self) -> None:
        self._date_s = 0.0
        self._first_ahead_s: float | None = None
        self._passed_s = 0.0
        self._in_place = False
        self._ahead_s = self._skew_s = 0.0

    def show(self, ahead_s: float, skew_s: float = 0.0) -> None:
        """Before INIT and before each invocation. What counts seconds never runs backwards, whatever the account's clock does."""
        self._ahead_s, self._skew_s = ahead_s, skew_s
        if self._first_ahead_s is None:
            self._first_ahead_s = ahead_s
        self._passed_s = max(self._passed_s, ahead_s - self._first_ahead_s)
        self._date_s = ahead_s + skew_s
        if self._date_s and not self._in_place:
            self._in_place = True
            self._replace()

    def pass_by(self, seconds: float) -> None:
        """The account's clock moves on in the middle of an invocation."""
        if seconds:
            self.show(self._ahead_s + seconds, self._skew_s)

    def now(self) -> float:
        shown: float = _REAL["time"]() + self._date_s
        return shown

    def _counting(self, name: str) -> Callable[[], float]:
        real = _REAL[name]
        return lambda: real() + self._passed_s

    def _replace(self) -> None:
        put(
            {
                **clocks("time", self.now),
                **clocks("monotonic", self._counting("monotonic")),
                **clocks("perf_counter", self._counting("perf_counter")),
                **by_default_now(self.now),
            }
        )
        _replace_imported({id(_REAL["time"]): time.time, id(_RealDatetime): ShownDatetime})


class Reading:
    """A stand-in for a built-in function: like one, it does not become a method where a class keeps it."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[..., Any]) -> None:
        self._read = read

    def __call__(self, *arguments: Any) -> Any:
        return self._read(*arguments)


def clocks(name: str, read: Callable[[], float]) -> dict[str, Reading]:
    """A clock of ``time`` and its twin in nanoseconds."""
    return {name: Reading(read), f"{name}_ns": Reading(lambda: int(read() * _NANO))}


def by_default_now(now: Callable[[], float]) -> dict[str, Reading]:
    """The functions of ``time`` that mean the present when they are given none."""

    def converted(name: str) -> Reading:
        return Reading(lambda seconds=None: _REAL[name](now() if seconds is None else seconds))

    def text(form: str, moment: Any = None) -> Any:
        return _REAL["strftime"](form, _REAL["localtime"](now()) if moment is None else moment)

    return {"gmtime": converted("gmtime"), "localtime": converted("localtime"), "strftime": Reading(text)}


def put(stand_ins: Mapping[str, Reading]) -> None:
    """``take_back`` undoes it, but for ``time``'s functions, which whoever put them there keeps."""
    for name, stand_in in stand_ins.items():
        setattr(time, name, stand_in)
    dt.datetime = ShownDatetime  # type: ignore[misc]
    copyreg.pickle(_RealDatetime, _reduced)


def take_back() -> None:
    dt.datetime = _RealDatetime  # type: ignore[misc]
    copyreg.dispatch_table.pop(_RealDatetime, None)


def _reduced(moment: dt.datetime) -> tuple[Any, ...]:
    """Pickle looks a class up by its name and wants to find the same one."""
    return (dt.datetime, *moment.__reduce_ex__(_PICKLE_WITH_FOLD)[1:])


def _replace_imported(stand_ins: dict[int, Any]) -> None:
    """``from datetime import datetime`` of modules that are here already; the standard library keeps its own."""
    for name, module in list(sys.modules.items()):
        top = name.partition(".")[0]
        if module is None or top in sys.stdlib_module_names or top == __name__.partition(".")[0]:
            continue
        held = getattr(module, "__dict__", {})
        for key in [key for key, value in held.items() if id(value) in stand_ins]:
            held[key] = stand_ins[id(held[key])]


class _LooksLikeDatetime(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _RealDatetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _RealDatetime)


class ShownDatetime(_RealDatetime, metaclass=_LooksLikeDatetime):
    """``datetime.datetime`` in the function's time: what it makes are ordinary datetimes, only the present differs."""

    def __new__(cls, *arguments: Any, **named: Any) -> Any:
        return _RealDatetime(*arguments, **named)

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        return _RealDatetime.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls) -> Any:
        return _RealDatetime.fromtimestamp(time.time(), dt.UTC).replace(tzinfo=None)

    @classmethod
    def today(cls) -> Any:
        return cls.now()


ShownDatetime.__module__, ShownDatetime.__qualname__, ShownDatetime.__name__ = "datetime", "datetime", "datetime"
