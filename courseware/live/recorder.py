"""Records sessions, each in a fork of one interpreter that has imported everything: ``python -m courseware.live.recorder``.

An order is a line of JSON on standard input: ``{"cells": [{"name", "code"}], "file": path, "urgent": bool}``. When the file is
there (see ``fulfil``) a line ``{"file": path, "error": ""}`` goes to standard output; an error is the session's last words.
The end of the input ends the recorder, after what was ordered. Where Python has no ``fork`` every session starts an interpreter.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import subprocess
import sys
import traceback
from collections import deque
from typing import Any, NoReturn

from courseware.live.made_of import MadeOf
from courseware.live.record import fulfil

SECONDS_MAX = 120
AT_ONCE = min(4, os.cpu_count() or 1)
_WORDS_MAX = 2000
_LATE = f"the cells took more than {SECONDS_MAX} seconds"
# Nearly every page asks these; the first call to a service is the one that imports it.
_FIRST_CALLS = {
    "lambda": "list_functions",
    "iam": "list_roles",
    "logs": "describe_log_groups",
    "sqs": "list_queues",
    "s3": "list_buckets",
    "dynamodb": "list_tables",
    "sns": "list_topics",
    "events": "list_rules",
    "cloudwatch": "describe_alarms",
}


def warm_up() -> None:
    """Once, before any fork: read the models, import the services, in an account that is thrown away."""
    import boto3  # noqa: PLC0415 - where there is no fork, it is imported for nothing

    from courseware.live.account import page_account  # noqa: PLC0415
    from sandbox.worker import warm_boto3  # noqa: PLC0415

    with page_account():
        for service, call in _FIRST_CALLS.items():
            client: Any = boto3.client(service)  # type: ignore[call-overload]
            getattr(client, call)()
    warm_boto3.load(list(_FIRST_CALLS))  # after the account has models of its own: S3's clients write into theirs
    gc.collect()
    gc.freeze()  # what is there now is shared with the forks as long as nobody touches it


class Recorder:
    """Orders in turn, urgent ones first, as many at once as there are processors. No threads: forks would not have them."""

    def __init__(self, made_of: MadeOf) -> None:
        self._made_of = made_of
        self._waiting: deque[dict[str, Any]] = deque()
        self._running: dict[int, tuple[int, str, bytes]] = {}  # by descriptor: process, file, its words so far
        self._selector = selectors.DefaultSelector()
        self._partial = b""

    def serve(self) -> None:
        """Until the input ends and everything ordered is done."""
        self._selector.register(0, selectors.EVENT_READ)
        while self._waiting or self._selector.get_map():
            while self._waiting and len(self._running) < AT_ONCE:
                self._start(self._waiting.popleft())
            for key, _ in self._selector.select():
                if key.fd == 0:
                    self._hear()
                else:
                    self._end_of(key.fd)

    def _hear(self) -> None:
        data = os.read(0, 65_536)
        if not data:
            self._selector.unregister(0)
        *lines, self._partial = (self._partial + data).split(b"\n")
        for line in lines:
            order = json.loads(line)
            (self._waiting.appendleft if order["urgent"] else self._waiting.append)(order)

    def _start(self, order: dict[str, Any]) -> None:
        ours, theirs = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(ours)
            self._record(order, theirs)
        os.close(theirs)
        self._running[ours] = (process, order["file"], b"")
        self._selector.register(ours, selectors.EVENT_READ)

    def _end_of(self, descriptor: int) -> None:
        process, file, words = self._running[descriptor]
        if data := os.read(descriptor, 65_536):
            self._running[descriptor] = (process, file, (words + data)[-_WORDS_MAX:])
            return
        self._selector.unregister(descriptor)
        os.close(descriptor)
        del self._running[descriptor]
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        answer(file, _last_words(words.decode("utf-8", "replace"), status))

    def _record(self, order: dict[str, Any], words: int) -> NoReturn:
        """In the fork; what it says on the way, by whatever road, is its last words."""
        status = 1
        try:
            nothing = os.open(os.devnull, os.O_RDONLY)
            for source, target in ((nothing, 0), (words, 1), (words, 2)):
                os.dup2(source, target)
            os.close(words)
            signal.alarm(SECONDS_MAX)
            fulfil(order, self._made_of)
            status = 0
        except BaseException:  # noqa: BLE001 - told to who ordered it
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)


def _last_words(said: str, status: int) -> str:
    """Empty for a session that ended well."""
    if status == -getattr(signal, "SIGALRM", 0):
        return _LATE
    return (said.strip()[-_WORDS_MAX:] or f"the process ended with {status}") if status else ""


def answer(file: str, error: str) -> None:
    print(json.dumps({"file": file, "error": error}), flush=True)


def serve_without_fork() -> None:
    """One after the other, each in an interpreter of its own, which costs it some two seconds of imports."""
    command = [sys.executable, "-m", "courseware.live.record"]
    for line in sys.stdin:
        order = json.loads(line)
        try:
            done = subprocess.run(command, input=line, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
            answer(order["file"], _last_words(done.stderr, done.returncode))
        except subprocess.TimeoutExpired:
            answer(order["file"], _LATE)


def main() -> None:
    if not hasattr(os, "fork"):
        serve_without_fork()
        return
    made_of = MadeOf()
    warm_up()
    made_of.digests()  # of what every fork shares, once
    Recorder(made_of).serve()


if __name__ == "__main__":
    main()
