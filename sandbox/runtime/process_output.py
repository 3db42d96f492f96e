"""What a child wrote: framed records from its log pipe, and plain lines from its descriptors 1 and 2. Bounded per invocation."""

from __future__ import annotations

import fcntl
import os
import sys
import termios
from time import time

from sandbox.runtime.environment import LogRecord
from sandbox.worker import frames

_READ_BYTES = 65536
_NOTHING = bytes(4)
LOG_BYTES_MAX = 4 * 1024 * 1024  # of one invocation; ours, against a function that floods the account
_READS_MAX = 2 * LOG_BYTES_MAX // _READ_BYTES  # at one go: a function may write as fast as it is read


class Output:
    """Both pipes of one environment. ``shift_s`` turns the child's real time into the account's."""

    def __init__(self, log: int, raw: int, bytes_max: int = LOG_BYTES_MAX) -> None:
        self.log = log
        self.raw = raw
        self.shift_s = 0.0
        self._bytes_max = bytes_max
        self._left = bytes_max
        self._reader = frames.FrameReader(frames_max := bytes_max + 1024)
        self._frames_max = frames_max
        self._line = b""
        self._records: list[LogRecord] = []
        self._plain = False

    def drain_log(self) -> None:
        """A child that garbles its frames loses the rest of its log, nothing else."""
        for _ in range(_READS_MAX):
            try:
                data = os.read(self.log, _READ_BYTES)
            except BlockingIOError:
                return
            try:
                for kind, body in self._reader.feed(data):
                    if kind == frames.LOG and len(body) >= frames.STAMP.size:
                        stamp = frames.STAMP.unpack_from(body)[0]
                        self._add(stamp + self.shift_s, body[frames.STAMP.size :])
            except frames.FrameError:
                self._reader = frames.FrameReader(self._frames_max)
            if len(data) < _READ_BYTES:
                return

    def drain_raw(self) -> bool:
        """False at the end of the pipe."""
        at = time() + self.shift_s
        try:
            data = os.read(self.raw, _READ_BYTES)
        except BlockingIOError:
            return True
        if not data:
            return False
        self._plain = True
        lines = (self._line + data).split(b"\n")
        self._line = lines.pop()
        for line in lines:
            self._add(at, line)
        if len(self._line) > _READ_BYTES:
            self._add(at, self._line)
            self._line = b""
        return True

    def collect(self, log_bytes: int) -> tuple[LogRecord, ...]:
        """All records up to now, in order of time; the next invocation starts with a whole allowance."""
        if log_bytes:
            self.drain_log()
        for _ in range(_READS_MAX):
            if not (_waiting(self.raw) and self.drain_raw()):
                break
        if self._line:
            self._add(time() + self.shift_s, self._line)
            self._line = b""
        self._left = self._bytes_max
        if not self._records:
            return ()
        records, self._records = self._records, []
        if self._plain:
            records.sort(key=lambda record: record.at)
            self._plain = False
        return tuple(records)

    def _add(self, at: float, text: bytes) -> None:
        if self._left < 0:
            return
        self._left -= len(text) + 1
        if self._left < 0:
            text = b"[sandbox] Output beyond %d bytes in one invocation is dropped." % self._bytes_max
        self._records.append(LogRecord(at, text.decode("utf-8", "replace")))


def _waiting(descriptor: int) -> bool:
    """Whether a pipe holds anything, without the price of an exception."""
    if sys.platform == "win32":
        return True
    return fcntl.ioctl(descriptor, termios.FIONREAD, _NOTHING) != _NOTHING
