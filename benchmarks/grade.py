"""``./course bench grade``: submissions to the capstone on one and on two workers, against stock nbgrader in the same run.

A third each is sound, faulty and hostile. Stock nbgrader gets as many submissions of a notebook with as many checks, tested on
moto in the learner's kernel; its hostile ones are only as hostile as it survives. Endless loops are left out: an invocation of
one lasts as long as the limit allows. Every figure has start-up in it: of the judge once a worker, of a kernel once a notebook.

``ratio`` is of checks a second of wall time on one core, ``cpu_ratio`` of checks a second of processor time, children included:
that one says the same on a busy machine, but is too kind to the judge. What a function has used up to the moment it is killed, as
every environment is in the end, the kernel tells nobody outside its namespace; nbgrader's kernels end by themselves and count
whole. So ``ratio`` is the figure to go by. ``sound_s``, ``faulty_s`` and ``hostile_s`` are medians of each third on one worker;
``slowest_s`` is the longest of all, for one hostile submission that works until its ration is used up hides in a median.
``images_alone_s`` is the floor: what the pictures of one sound submission take by themselves. ``scaling_2`` is to be read beside
``floor_scaling_2``, what this machine makes of two processes that only count.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _stock_notebook import SOLUTION, stock_course
from _two_cores import two_cores

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from _images_alone import images_alone_s  # noqa: E402

from autograder.assessment import load_assessment  # noqa: E402
from autograder.marking.crew import Crew  # noqa: E402
from autograder.marking.job import bench_for  # noqa: E402
from autograder.marking.roll import Handed, call_roll  # noqa: E402
from autograder.report import Report  # noqa: E402
from autograder.source_tree import SourceTree  # noqa: E402
from autograder.twins import find_twins  # noqa: E402
from courseware.grading import FACTORY  # noqa: E402
from courseware.layers import ready  # noqa: E402

CAPSTONE = ROOT / "assessments" / "image-application"
SUBMISSIONS = 60
KINDS = ("sound", "faulty", "hostile")
HOSTILE = {
    "exit": "import os\n    os._exit(0)",
    "memory": "x = bytearray(4_000_000_000)",
    "forged": "import os\n    os.write(1, b'{}' * 1000)",
}
STOCK_HOSTILE = "def handler(event, context):\n    raise SystemExit\n"


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def capstone_class(folder: Path, count: int) -> None:
    """Sound, faulty and hostile submissions in turn; the faulty twins as the assessment ships them."""
    sound = sorted((CAPSTONE / "solutions").iterdir())
    twins = find_twins(load_assessment(CAPSTONE))
    for number in range(count):
        kind, turn = number % len(KINDS), number // len(KINDS)
        target = folder / f"learner{number:03}"
        if kind == 1:
            write(target, twins[turn % len(twins)].tree)
        else:
            shutil.copytree(sound[turn % len(sound)] if kind == 0 else sound[0], target)
        if kind == 2:
            attack = list(HOSTILE.values())[turn % len(HOSTILE)]
            (target / "src" / "app.py").write_text(f"def handler(event, context):\n    {attack}\n", "utf-8")


def write(target: Path, tree: SourceTree) -> None:
    for name, data in tree.files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)


@dataclass(frozen=True, slots=True)
class Spent:
    """Of processes that have ended, and theirs."""

    wall_s: float
    cpu_s: float


def spending() -> Callable[[], Spent]:
    """A stopwatch, started now."""
    wall, before = time.perf_counter(), os.times()

    def so_far() -> Spent:
        now = os.times()
        cpu_s = now.children_user + now.children_system - before.children_user - before.children_system
        return Spent(time.perf_counter() - wall, cpu_s)

    return so_far


def judged(handed: Sequence[Handed], workers: int) -> tuple[list[Report], Spent]:
    bench = bench_for(CAPSTONE, FACTORY, {})
    so_far = spending()
    reports = list(Crew(bench, workers).run(handed))
    spent = so_far()
    failed = [report for report in reports if report.status == "failed"]
    if failed:
        raise SystemExit(f"{len(failed)} submissions failed, the first: {failed[0].reason}")
    return reports, spent


def seconds_of(reports: Sequence[Report]) -> dict[str, float]:
    """Wall time of a submission: the median of all and of each kind, and the longest."""
    total = {report.submission: report.seconds["total"] for report in reports}
    found = {"median_s": statistics.median(total.values()), "slowest_s": max(total.values())}
    for kind, name in enumerate(KINDS):
        found[f"{name}_s"] = statistics.median(total[learner] for learner in sorted(total)[kind :: len(KINDS)])
    return {name: round(value, 2) for name, value in found.items()}


def stock(count: int, checks: int) -> Spent:
    """What ``nbgrader autograde`` takes for the whole class, its kernels included."""
    with tempfile.TemporaryDirectory(prefix="stock-") as name:
        course = Path(name)
        faulty = SOLUTION.replace("256", "200")
        stock_course(course, "images", [(SOLUTION, faulty, STOCK_HOSTILE)[number % 3] for number in range(count)], checks)
        environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "JUPYTER_CONFIG_DIR": name,
        }
        nbgrader = [sys.executable, "-W", "ignore", "-m", "nbgrader"]
        settings: dict[str, Any] = {"cwd": course, "env": environment, "capture_output": True, "text": True}
        made = subprocess.run([*nbgrader, "generate_assignment", "images"], check=False, **settings)
        so_far = spending()
        done = subprocess.run([*nbgrader, "autograde", "images"], check=False, **settings)
        spent = so_far()
        graded = len(list((course / "autograded").glob("*/images/images.ipynb")))
        if made.returncode or graded != count:
            raise SystemExit(f"stock nbgrader graded {graded} of {count}: {(made.stderr + done.stderr)[-2000:]}")
        return spent


def measure(count: int) -> dict[str, float]:
    ready(load_assessment(CAPSTONE).layers)
    with tempfile.TemporaryDirectory(prefix="class-") as name:
        capstone_class(Path(name), count)
        handed = call_roll(Path(name), "")
        progress(f"one worker, {count} submissions")
        reports, alone = judged(handed, 1)
        progress(f"  {alone.wall_s:.1f} s; two workers")
        _reports, together = judged(handed, 2)
    each = sum(len(criterion.checks) for criterion in reports[0].criteria)
    checks = each * count
    progress(f"  {together.wall_s:.1f} s; stock nbgrader, {count} submissions of {each} checks")
    plain = stock(count, each)
    return {
        "submissions": count,
        "checks_per_s": round(checks / alone.wall_s, 2),
        "stock_checks_per_s": round(checks / plain.wall_s, 2),
        "ratio": round(checks / alone.wall_s / (checks / plain.wall_s), 2),
        "cpu_ratio": round(checks / alone.cpu_s / (checks / plain.cpu_s), 2),
        "cpu_s": round(alone.cpu_s / count, 2),
        "stock_cpu_s": round(plain.cpu_s / count, 2),
        "images_alone_s": round(images_alone_s(CAPSTONE), 2),
        **seconds_of(reports),
        "scaling_2": round(alone.wall_s / together.wall_s, 2),
        "floor_scaling_2": round(two_cores(), 2),
        "per_minute_1": round(60 * count / alone.wall_s, 1),
        "per_minute_2": round(60 * count / together.wall_s, 1),
        "stock_per_minute": round(60 * count / plain.wall_s, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--submissions", type=int, default=SUBMISSIONS)
    args = parser.parse_args()
    if args.submissions < len(KINDS):
        parser.error(f"it takes one submission of each kind: {', '.join(KINDS)}")
    found = measure(args.submissions)
    if args.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:<20}{value:>10}" for name, value in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
