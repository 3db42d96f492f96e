"""A worker's life: open the judge that the first message names, then answer each submission that comes through the pipe."""

from __future__ import annotations

import gc
import json
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from autograder.marking.job import bench_from_json, judged

# A judge holds some hundred thousand objects for good; looking through them as often as Python does took a tenth of its time.
_COLLECT_AFTER = (20_000, 20, 50)


def work(pipe: Connection) -> None:
    """Ends when the pipe does. Ctrl-C is the parent's to answer; SIGTERM leaves by every ``finally`` on the way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    gc.set_threshold(*_COLLECT_AFTER)
    bench = bench_from_json(pipe.recv_bytes().decode())
    with bench.open() as judge:
        while True:
            try:
                request = json.loads(pipe.recv_bytes())
            except EOFError:
                return
            report = judged(judge, bench, request["name"], Path(request["folder"]), request["digest"])
            try:
                pipe.send_bytes(json.dumps(report.as_json()).encode())
            except BrokenPipeError:  # the run was killed: nobody waits for this, and the next run judges it again
                return


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])))
