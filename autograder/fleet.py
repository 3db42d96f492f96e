"""Many machines: the same judging as on one, spread by dask.distributed, whose sole importer this is.

Every worker needs this repository and its environment; submissions travel in parcels, reports come back as JSON. A worker that is
lost costs its submissions a retry elsewhere. Start workers with ``--nthreads 1``: a judge takes one submission at a time.
"""

from __future__ import annotations

import atexit
import json
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from distributed import Client, Future, as_completed

from autograder.errors import GraderFault, SubmissionError
from autograder.marking.job import Bench, Judge, bench_from_json, failed, judged
from autograder.marking.parcel import pack, unpack
from autograder.marking.roll import Handed, tree_digest
from autograder.report import Report, from_json

CONNECT_SECONDS = 20
RETRIES = 1
ASSESSMENTS = Path(__file__).resolve().parent.parent / "assessments"

_one_at_a_time = threading.Lock()
_open_judges: dict[str, tuple[Judge, ExitStack]] = {}


class Fleet:
    """The workers of the scheduler at ``address`` (``tcp://…`` or ``tls://…``)."""

    def __init__(self, bench: Bench, address: str) -> None:
        self._bench = bench
        self._address = address

    def run(self, submissions: Sequence[Handed]) -> Iterator[Report]:
        """One report a submission, in any order. SubmissionError when no scheduler answers."""
        try:
            client = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise SubmissionError(f"no scheduler answers at {self._address}: {error}") from error
        with client:
            sent: dict[Future[str], Handed] = {}
            for one in submissions:
                arguments = (self._bench.as_json(), one.name, one.digest, pack(one.folder))
                sent[client.submit(judge_parcel, *arguments, pure=False, retries=RETRIES)] = one
            for future in as_completed(list(sent), loop=client.loop):  # type: ignore[no-untyped-call]
                yield self._report(future, sent.pop(future))

    def _report(self, future: Future[str], handed: Handed) -> Report:
        try:
            return from_json(json.loads(future.result()))
        except Exception as error:  # noqa: BLE001 - a lost worker, or whatever a far machine raises: this submission alone
            return failed(self._bench, handed.name, handed.digest, f"{type(error).__name__}: {error}")


def judge_parcel(bench_text: str, name: str, digest: str, parcel: str) -> str:
    """Runs on a worker: JSON in, JSON out. Its judge stays open for the next one."""
    bench = bench_from_json(bench_text)
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="parcel-") as place:
        folder = Path(place, "submission")
        folder.mkdir()
        unpack(parcel, folder)
        report = judged(_judge(bench), bench, name, folder, digest)
        if report.status == "failed":  # the judge may be what is wrong: a fresh one tries once more
            _dismiss(bench)
            report = judged(_judge(bench), bench, name, folder, digest)
    return json.dumps(report.as_json())


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
    if tree_digest(folder) != bench.digest:
        raise GraderFault(f"{folder} on this worker is another version of {bench.assessment}; update the worker")
    return replace(bench, settings={**bench.settings, "assessment": str(folder)})
