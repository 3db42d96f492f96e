"""On a real scheduler with workers in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import Client, LocalCluster

from autograder.errors import SubmissionError
from autograder.fleet import Fleet
from autograder.marking.job import Bench
from autograder.marking.journal import read_reports
from autograder.marking.roll import Handed, call_roll
from autograder.marking.run import grade_class

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
JUDGES = Path(__file__).parent / "marking"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    # On a busy machine a killed worker is back late, and this kind of cluster, tired of waiting, then stops the others as well.
    patient = dask.config.set({"distributed.deploy.lost-worker-timeout": "300s"})
    with patient, pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(JUDGES))
        with LocalCluster(n_workers=3, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0") as cluster:
            yield cluster.scheduler_address


def lone_worker(address: str) -> subprocess.Popen[bytes]:
    """In a process of its own, and nobody starts another when it dies."""
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(JUDGES)])}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def hand_in(tmp_path: Path) -> Callable[..., list[Handed]]:
    def write(**works: dict[str, Any]) -> list[Handed]:
        for name, work in works.items():
            (tmp_path / "class" / name).mkdir(parents=True)
            (tmp_path / "class" / name / "work.json").write_text(json.dumps({"points": 10} | work))
        return call_roll(tmp_path / "class", "seed")

    return write


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench("thumbnails", "honest_judge:open_judge", {"log": str(tmp_path / "log")})


def test_a_class_is_graded_by_several_workers_although_one_is_killed(
    scheduler: str, bench: Bench, hand_in: Any, tmp_path: Path
) -> None:
    works: dict[str, Any] = {f"learner{number}": {"points": number} for number in range(9)}
    handed = hand_in(**works, victim={"death": "once"}, broken={"fault": "always"})
    reports = grade_class("thumbnails", handed, Fleet(bench, scheduler).run, tmp_path / "results.jsonl")
    assert {report.submission: report.score for report in reports if report.status == "graded"} == {
        **{f"learner{number}": number + (5 if number >= 5 else 0) for number in range(9)},
        "victim": 15,
    }
    assert [report.submission for report in reports if report.status == "failed"] == ["broken"]
    # Once each: the killed worker had told of all it had judged. But for what it died of, and what a fresh judge tried again.
    judged = Counter((tmp_path / "log").read_text().split())
    assert judged == {**{f"learner{number}": 1 for number in range(9)}, "victim": 2, "broken": 2}


def test_a_submission_that_kills_every_worker_fails_alone(scheduler: str, bench: Bench, hand_in: Any, tmp_path: Path) -> None:
    reports = {report.submission: report for report in Fleet(bench, scheduler).run(hand_in(ada={}, mary={"death": "always"}))}
    assert reports["ada"].score == 15
    assert reports["mary"].status == "failed"
    assert reports["mary"].reason.startswith("KilledWorker")
    judged = Counter((tmp_path / "log").read_text().split())
    assert judged == {"ada": 1, "mary": dask.config.get("distributed.scheduler.allowed-failures") + 1}


def test_a_worker_with_another_version_of_the_assessment_does_not_judge(
    scheduler: str, bench: Bench, hand_in: Any, tmp_path: Path
) -> None:
    other = Bench(bench.assessment, bench.factory, {"assessment": str(tmp_path)}, digest="another")
    reports = list(Fleet(other, scheduler).run(hand_in(ada={})))
    assert [report.status for report in reports] == ["failed"]
    assert "another version of thumbnails" in reports[0].reason


def test_a_run_that_no_worker_is_left_for_gives_up_with_its_grades_kept_and_goes_on_when_one_comes(
    bench: Bench, hand_in: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.fleet.DESERTED_SECONDS_MAX", 0.2)
    monkeypatch.setattr("autograder.fleet.LOOK_SECONDS", 0.1)
    monkeypatch.syspath_prepend(str(JUDGES))
    handed, out = hand_in(ada={}, victim={"death": "once"}), tmp_path / "results.jsonl"
    with LocalCluster(
        n_workers=0, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address="127.0.0.1:0"
    ) as cluster:
        run = Fleet(bench, cluster.scheduler_address).run
        with lone_worker(cluster.scheduler_address) as worker:
            with Client(cluster, set_as_default=False) as client:
                client.wait_for_workers(1)
            with pytest.raises(SubmissionError, match=r"no worker was at .* 1 submissions are not judged; start workers"):
                grade_class("thumbnails", handed, run, out)
            assert worker.wait() == -signal.SIGKILL
        assert [report.submission for report in read_reports(out)] == ["ada"]
        cluster.scale(1)
        reports = grade_class("thumbnails", handed, run, out, resume=True)
    assert {report.submission: report.score for report in reports} == {"ada": 15, "victim": 15}
    assert Counter((tmp_path / "log").read_text().split()) == {"ada": 1, "victim": 2}


def test_no_scheduler_is_said_in_one_line(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.fleet.CONNECT_SECONDS", 0.5)
    with pytest.raises(SubmissionError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        list(Fleet(bench, "tcp://127.0.0.1:9").run([]))
