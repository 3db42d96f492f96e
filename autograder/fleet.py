"""Many machines: the same judging as on one, spread by dask.distributed, whose sole importer this is.

Every worker needs this repository and its environment; submissions travel in parcels, reports come back as JSON. Start workers
with ``--nthreads 1``: a judge takes one submission at a time.

dask keeps a task's result with the worker that made it, and makes it anew when that worker is lost. So a report is no result: it
is told to the scheduler, which has it before the worker's task ends, and a task whose report was told has nothing to do. A lost
worker costs the one submission it was at another judging, no other; one that takes as many workers with it as the scheduler's
``allowed-failures`` (three, unless it was started with another number) and one more fails.

A wait ends: when no worker was left for two minutes, or nobody told anything for half an hour, the run gives up on what is left.
"""

from __future__ import annotations

import atexit
import json
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from uuid import uuid4

from distributed import Client, Future, get_worker
from distributed.utils import sync

from autograder.errors import GraderFault, SubmissionError
from autograder.marking.job import Bench, Judge, assessment_digest, bench_from_json, failed, judged
from autograder.marking.parcel import pack, unpack
from autograder.marking.roll import Handed
from autograder.report import Report, from_json

CONNECT_SECONDS = 20
RETRIES = 1
DESERTED_SECONDS_MAX = 120.0  # a worker that was killed is back sooner, even on a busy machine
SILENCE_SECONDS_MAX = 1_800.0  # a submission may be judged twice, each time in ten minutes
LOOK_SECONDS = 5.0
ASSESSMENTS = Path(__file__).resolve().parent.parent / "assessments"

_Word = tuple[str, str | Future[None]]  # who, and the report that was told, or the task that has ended

_one_at_a_time = threading.Lock()
_open_judges: dict[str, tuple[Judge, ExitStack]] = {}


class Fleet:
    """The workers of the scheduler at ``address`` (``tcp://…`` or ``tls://…``)."""

    def __init__(self, bench: Bench, address: str) -> None:
        self._bench = bench
        self._address = address

    def run(self, submissions: Sequence[Handed]) -> Iterator[Report]:
        """One report a submission, in any order. SubmissionError when no scheduler answers, or nobody is left to judge."""
        try:
            client = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise SubmissionError(f"no scheduler answers at {self._address}: {error}") from error
        with client:
            topic, told = f"reports-{uuid4().hex}", SimpleQueue[_Word]()
            client.subscribe_topic(topic, lambda event: told.put(event[1]))  # type: ignore[no-untyped-call]
            under_way = {one.name: one for one in submissions}
            tasks: list[Future[None]] = []
            for one in submissions:
                arguments = (self._bench.as_json(), one.name, one.digest, pack(one.folder), topic)
                tasks.append(client.submit(judge_parcel, *arguments, pure=False, retries=RETRIES))
                tasks[-1].add_done_callback(lambda done, name=one.name: told.put((name, done)))  # type: ignore[no-untyped-call]
            while under_way:
                name, word = self._word(client, told, len(under_way))
                report = self._report(under_way[name], word) if name in under_way else None
                if report is not None:
                    del under_way[name]
                    yield report

    def _word(self, client: Client, told: SimpleQueue[_Word], left: int) -> _Word:
        """The next word, waited for as long as somebody may say it."""
        since = staffed = time.monotonic()
        while True:
            try:
                return told.get(timeout=LOOK_SECONDS)
            except Empty:
                now = time.monotonic()
                staffed = now if _workers(client) else staffed
            if now - staffed >= DESERTED_SECONDS_MAX:
                why = f"no worker was at {self._address} for {DESERTED_SECONDS_MAX:g} s"
            elif now - since >= SILENCE_SECONDS_MAX:
                why = f"no worker at {self._address} reported anything for {SILENCE_SECONDS_MAX:g} s"
            else:
                continue
            raise SubmissionError(f"{why}, and {left} submissions are not judged; start workers, then run again with --resume")

    def _report(self, handed: Handed, word: str | Future[None]) -> Report | None:
        """None for a task that ended well: its report was told before."""
        try:
            if isinstance(word, str):
                return from_json(json.loads(word))
            word.result()
            return None
        except Exception as error:  # noqa: BLE001 - a lost worker, or whatever a far machine raises: this submission alone
            return failed(self._bench, handed.name, handed.digest, f"{type(error).__name__}: {error}")


def judge_parcel(bench_text: str, name: str, digest: str, parcel: str, topic: str) -> None:
    """Runs on a worker, and tells the report (JSON) under ``topic``. Its judge stays open for the next one."""
    bench, worker = bench_from_json(bench_text), get_worker()
    own = f"{topic}-{name}"
    if sync(worker.loop, worker.scheduler.events, topic=own):
        return
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="parcel-") as place:
        folder = Path(place, "submission")
        folder.mkdir()
        unpack(parcel, folder)
        report = judged(_judge(bench), bench, name, folder, digest)
        if report.status == "failed":  # the judge may be what is wrong: a fresh one tries once more
            _dismiss(bench)
            report = judged(_judge(bench), bench, name, folder, digest)
        text = json.dumps(report.as_json())
        sync(worker.loop, worker.scheduler.log_event, topic=[topic, own], msg=(name, text))


def _workers(client: Client) -> int:
    """How many there are now; none when the scheduler itself does not answer."""
    try:
        return len(client.nthreads())  # type: ignore[no-untyped-call]
    except OSError:
        return 0


def _judge(bench: Bench) -> Judge:
    key = bench.as_json()
    if key not in _open_judges:
        held = ExitStack()
        _open_judges[key] = held.enter_context(_here(bench).open()), held
    return _open_judges[key][0]


def _dismiss(bench: Bench) -> None:
    _judge_there, held = _open_judges.pop(bench.as_json())
    held.close()


@atexit.register
def _go_home() -> None:
    for _judge_there, held in _open_judges.values():
        held.close()


def _here(bench: Bench) -> Bench:
    """The bench with this machine's copy of the assessment, which has to be the one that was asked for."""
    if not bench.digest:
        return bench
    named = Path(bench.settings["assessment"])
    folder = named if named.is_dir() else ASSESSMENTS / bench.assessment
    if assessment_digest(folder) != bench.digest:
        raise GraderFault(f"{folder} on this worker is another version of {bench.assessment}; update the worker")
    return replace(bench, settings={**bench.settings, "assessment": str(folder)})
