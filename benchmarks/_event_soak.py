"""A long life of one account in this process, in virtual time: events from a stream, a queue and asynchronous invocations."""

from __future__ import annotations

import gc
import io
import json
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.account import InprocessAccount, inprocess_account
from sandbox.telemetry.calls import CALLS_MAX
from sandbox.telemetry.statistics import MINUTES_MAX
from sandbox.telemetry.timeline import ENTRIES_MAX as TIMELINE_MAX

CHUNK = 1_000  # events between two looks at the books
_STREAMED, _QUEUED, _STARTED = 960, 30, 10
_FILLING_ROUNDS = MINUTES_MAX + 10
_BETWEEN_S = 3_600.0  # a stream forgets after a day, so that it holds 24 chunks
_SOURCE = "def handler(event, context):\n    return None\n"
_MAY = ["logs:*", "sqs:*", "kinesis:*"]


def soak(events: int, steps: int, report: Callable[[str], None]) -> dict[str, Any]:
    """``memory_mb`` holds one more figure than ``steps``, the first when the account's bounded stores are full: the newest calls,
    timeline entries and log events, and the minutes of its metrics. What grows from there on has no bound.
    """
    per_step = max(CHUNK, events // steps // CHUNK * CHUNK)
    with inprocess_account(seed=1) as account:
        life = Life(account)
        life.fill()
        life.live(26 * CHUNK)  # more than a stream of a day
        memory, begun = [rss_mb()], time.perf_counter()
        warmed = life.sent
        for step in range(steps):
            life.live(per_step)
            memory.append(rss_mb())
            report(f"{(step + 1) * per_step:9} events: {memory[-1]:.1f} MB, {time.perf_counter() - begun:.0f} s")
        seconds = time.perf_counter() - begun
        counted = life.sent - warmed
        lost = life.settle()
    return {
        "events": counted,
        "per_s": round(counted / seconds, 1),
        "memory_mb": [round(each, 1) for each in memory],
        "growth_mb": round(memory[-1] - memory[len(memory) // 2], 1),
        "lost": lost,
    }


class Life:
    """``sent`` counts what the three sources accepted, by our own count."""

    def __init__(self, account: InprocessAccount) -> None:
        self.sent = 0
        self._account = account
        self._functions, self._sqs, self._kinesis = (account.client(name) for name in ("lambda", "sqs", "kinesis"))
        trust = _policy({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"})
        iam = account.client("iam")
        role = iam.create_role(RoleName="soak", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        iam.put_role_policy(RoleName="soak", PolicyName="may", PolicyDocument=_policy({"Action": _MAY, "Resource": "*"}))
        self._functions.create_function(
            FunctionName="soak", Runtime="python3.13", Role=role, Handler="app.handler", Code={"ZipFile": _zipped()}
        )
        self._kinesis.create_stream(StreamName="clicks", ShardCount=1)
        stream = f"arn:aws:kinesis:{account.region}:{account.account_id}:stream/clicks"
        self._url = self._sqs.create_queue(QueueName="work")["QueueUrl"]
        queue = f"arn:aws:sqs:{account.region}:{account.account_id}:work"
        make = self._functions.create_event_source_mapping
        make(EventSourceArn=stream, FunctionName="soak", StartingPosition="TRIM_HORIZON", BatchSize=CHUNK)
        make(EventSourceArn=queue, FunctionName="soak", BatchSize=10)

    def fill(self) -> None:
        """Short rounds, a minute apart, until nothing that is bounded by a number has room."""
        account = self._account.account
        for _ in range(_FILLING_ROUNDS):
            self.round(_STREAMED // 20, 61.0)
        assert len(account.timeline) == TIMELINE_MAX
        assert len(account.calls) == CALLS_MAX

    def live(self, events: int) -> None:
        for _ in range(events // CHUNK):
            self.round(_STREAMED, _BETWEEN_S)

    def round(self, streamed: int, seconds: float) -> None:
        """Events of all three sources, and time for them to be processed."""
        for _ in range(2):
            records = [{"Data": b"x", "PartitionKey": "k"}] * (streamed // 2)
            self._kinesis.put_records(StreamName="clicks", Records=records)
        for _ in range(_QUEUED // 10):
            entries = [{"Id": str(place), "MessageBody": "m"} for place in range(10)]
            self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries)
        for _ in range(_STARTED):
            self._functions.invoke(FunctionName="soak", InvocationType="Event")
        self.sent += streamed + _QUEUED + _STARTED
        self._account.control.advance(seconds)
        self._check()

    def settle(self) -> int:
        """Events that the books do not know as processed, in the end."""
        self._account.control.until_quiet()
        self._check()
        return self.sent - sum(row["processed"] for row in self._account.control.balance())

    def _check(self) -> None:
        books = self._account.control.balance()
        if not all(row["balanced"] for row in books):
            raise SystemExit(f"the books do not balance after {self.sent} events: {books}")


def rss_mb() -> float:
    """Of this process, after what can be freed has been."""
    gc.collect()
    if sys.platform != "linux":
        raise SystemExit("memory is read from /proc, which only Linux has")
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def _zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", _SOURCE)
    return buffer.getvalue()
