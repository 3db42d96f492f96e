"""A run in a process of its own that says a line after each report: what a test kills in the middle."""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.marking.crew import Crew
from autograder.marking.job import Bench
from autograder.marking.roll import call_roll
from autograder.marking.run import grade_class

if __name__ == "__main__":
    folder, out, log = map(Path, sys.argv[1:])
    bench = Bench("thumbnails", "honest_judge:open_judge", {"log": str(log)})
    crew = Crew(bench, 2)
    grade_class(
        bench.assessment,
        call_roll(folder, "seed"),
        crew.run,
        out,
        resume=True,
        progress=lambda done, total, _report: print(done, total, flush=True),
    )
