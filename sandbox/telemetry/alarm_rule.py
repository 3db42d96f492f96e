"""A composite alarm's rule: ``ALARM(a) AND NOT (OK("b") OR INSUFFICIENT_DATA(arn))`` and ``TRUE``, ``FALSE``.

PutCompositeAlarm API reference, "AlarmRule". Parsed once into functions of a look-up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sandbox.errors import AwsError
from sandbox.telemetry.alarm import STATES, State

CHARS_MAX = 10_240
CHILDREN_MAX = 100
_DEPTH_MAX = 50
_TOKEN = re.compile(r'\s*(?:(?P<sign>[()])|"(?P<quoted>[^"]*)"|(?P<word>[^\s()"]+))')

StateOf = Callable[[str], State]
_Test = Callable[[StateOf], bool]


class AlarmRule:
    """``children`` are alarm names as the rule has them, ARNs reduced to names."""

    def __init__(self, text: str) -> None:
        if len(text) > CHARS_MAX:
            raise _invalid(f"it is longer than {CHARS_MAX} characters")
        self._tokens = list(_tokens(text))
        self._position = 0
        self.children: list[str] = []
        self._test = self._either(0)
        if self._position != len(self._tokens):
            raise _invalid(f"unexpected {self._tokens[self._position]!r}")
        if len(self.children) > CHILDREN_MAX:
            raise _invalid(f"it names more than {CHILDREN_MAX} alarms")

    def holds(self, state_of: StateOf) -> bool:
        return self._test(state_of)

    def _either(self, depth: int) -> _Test:
        tests = [self._both(depth)]
        while self._next_is("OR"):
            tests.append(self._both(depth))
        return tests[0] if len(tests) == 1 else lambda state_of: any(test(state_of) for test in tests)

    def _both(self, depth: int) -> _Test:
        tests = [self._one(depth)]
        while self._next_is("AND"):
            tests.append(self._one(depth))
        return tests[0] if len(tests) == 1 else lambda state_of: all(test(state_of) for test in tests)

    def _one(self, depth: int) -> _Test:
        if depth > _DEPTH_MAX:
            raise _invalid("it is nested too deeply")
        if self._next_is("NOT"):
            inner = self._one(depth + 1)
            return lambda state_of: not inner(state_of)
        if self._next_is("("):
            inner = self._either(depth + 1)
            self._expect(")")
            return inner
        word = self._take()
        if word.upper() in ("TRUE", "FALSE"):
            value = word.upper() == "TRUE"
            return lambda _: value
        return self._state(word)

    def _state(self, word: str) -> _Test:
        wanted = next((state for state in STATES if state == word.upper()), None)
        if wanted is None:
            raise _invalid(f"{word!r} is not a state function")
        self._expect("(")
        name = self._take().rsplit(":alarm:", 1)[-1]
        self._expect(")")
        if name not in self.children:
            self.children.append(name)
        return lambda state_of: state_of(name) == wanted

    def _next_is(self, word: str) -> bool:
        if self._position < len(self._tokens) and self._tokens[self._position].upper() == word:
            self._position += 1
            return True
        return False

    def _take(self) -> str:
        if self._position >= len(self._tokens):
            raise _invalid("it ends too early")
        self._position += 1
        return self._tokens[self._position - 1]

    def _expect(self, sign: str) -> None:
        if self._take() != sign:
            raise _invalid(f"{sign!r} is missing")


def _tokens(text: str) -> Iterator[str]:
    position, text = 0, text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _invalid(f"unexpected {text[position]!r}")
        yield match["sign"] or match["word"] or match["quoted"] or ""
        position = match.end()


def _invalid(why: str) -> AwsError:
    return AwsError("ValidationError", f"AlarmRule is not valid: {why}")
