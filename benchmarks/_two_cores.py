"""What a machine makes of two processes that share nothing: the most that two workers can be faster than one on it."""

from __future__ import annotations

import subprocess
import sys
import time

COUNT = "found = {}\nfor number in range(8_000_000):\n    found[number % 5_000] = number * number % 7\n"
ROUNDS = 3


def two_cores() -> float:
    """2.0 where the second core is as good as the first; less where they share caches, a clock or their time."""
    alone, together = (min(_took(processes) for _ in range(ROUNDS)) for processes in (1, 2))
    return 2 * alone / together


def _took(processes: int) -> float:
    start = time.perf_counter()
    counting = [subprocess.Popen([sys.executable, "-c", COUNT]) for _ in range(processes)]
    for process in counting:
        process.wait()
    return time.perf_counter() - start
