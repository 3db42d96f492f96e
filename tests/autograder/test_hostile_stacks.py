"""Functions that take all they can get: every submission is graded in seconds, by a judge and by the pool."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assessment import load_assessment
from autograder.intake import take
from autograder.judge import Judge
from autograder.marking.crew import Crew
from autograder.marking.job import bench_for
from autograder.marking.roll import call_roll
from autograder.report import Report
from autograder.source_tree import SourceTree, tree_of
from sandbox.runtime.ration import Ration

TEMPLATE = Path(__file__).parents[2] / "assessments/_template"
SOUND = TEMPLATE / "solutions/plain"
HOSTILE = {
    "loops": "def handler(event, context):\n    while True: pass\n",
    "loops-at-import": "while True: pass\n",
    "sleeps": "import time\ndef handler(event, context):\n    time.sleep(1_000_000)\n",
    "eats-memory": "def handler(event, context):\n    kept = []\n    while True: kept.append(bytearray(1 << 22))\n",
    "writes": "import os\ndef handler(event, context):\n    while True: os.write(1, b'x' * 65_536)\n",
    "prints": "def handler(event, context):\n    while True: print('x' * 10_000)\n",
    "forks": "import os\ndef handler(event, context):\n    while True:\n        try: os.fork()\n        except OSError: pass\n",
}
DAEMON = "import os\ndef handler(event, context):\n    if os.fork() == 0:\n        while True: pass\n    return {'result': 42}\n"
PATIENCE_S = 25.0  # of a machine that is busy with other things; the functions' own share is one second
pytestmark = pytest.mark.timeout(180)


def handed_in(code: str, timeout_s: int = 900) -> SourceTree:
    files = take(SOUND).files
    template = files["template.yaml"].decode().replace("      Handler:", f"      Timeout: {timeout_s}\n      Handler:")
    return tree_of({**files, "template.yaml": template.encode(), "src/app.py": code.encode()})


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(load_assessment(TEMPLATE), ration=Ration(wall_s=1.0, cpu_s=1.0)) as one:
        yield one


def message(report: Report) -> str:
    (row,) = [check for criterion in report.criteria for check in criterion.checks if check.id == "result"]
    return row.message


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_graded_with_what_was_seen_and_the_next_one_does_not_suffer(name: str, judge: Judge) -> None:
    report = judge.report_of(handed_in(HOSTILE[name]), name)
    assert (report.status, report.reason) == ("graded", "")
    assert report.score == 2, "it deploys anywhere, which needs no call"
    assert report.seconds["total"] < PATIENCE_S
    assert judge.report_of(take(SOUND), "sound").score == 10


def test_whoever_loses_points_once_the_ration_is_used_up_is_told_so_without_timings(judge: Judge) -> None:
    reports = [judge.report_of(handed_in(HOSTILE["sleeps"]), "sleeps") for _ in range(2)]
    assert "used up the time one submission has (1 s, 1 s of them on a processor)" in message(reports[0])
    assert "used up" not in reports[0].criteria[1].checks[0].message, "nothing was lost there"
    texts = {json.dumps(dataclasses.replace(report, seconds={}).as_json()) for report in reports}
    assert len(texts) == 1


def test_what_a_function_leaves_running_uses_up_processor_time(judge: Judge) -> None:
    scene = judge.scene(handed_in(DAEMON), judge.assessment.variant(b"", ""))
    lambda_, name = scene.clients("lambda"), scene.stack.outputs["FunctionName"]
    assert json.loads(lambda_.invoke(FunctionName=name)["Payload"].read()) == {"result": 42}
    while not scene.account.control.info()["ration_used_up"]:
        scene.account.control.now()  # virtual time stands still: an environment that idles for minutes would be reaped
    assert "timed out" in json.loads(lambda_.invoke(FunctionName=name)["Payload"].read())["errorMessage"]


def test_a_crash_is_no_reason_to_speak_of_time(judge: Judge) -> None:
    report = judge.report_of(handed_in("def handler(event, context):\n    raise RuntimeError('no')\n"), "crashes")
    assert "used up" not in message(report)


def test_the_pool_grades_them_too(tmp_path: Path) -> None:
    for name in ("loops", "eats-memory"):
        for path, data in handed_in(HOSTILE[name]).files.items():
            place = tmp_path / "class" / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
    shutil.copytree(SOUND, tmp_path / "class/sound")
    bench = bench_for(TEMPLATE, "autograder.judge:open_judge", {"layers": {}, "wall_s": 1.0, "cpu_s": 1.0})
    reports = {report.submission: report for report in Crew(bench, 1).run(call_roll(tmp_path / "class", bench.seed))}
    assert {name: report.status for name, report in reports.items()} == dict.fromkeys(("loops", "eats-memory", "sound"), "graded")
    assert {name: report.score for name, report in reports.items()} == {"loops": 2, "eats-memory": 2, "sound": 10}
