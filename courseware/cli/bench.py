"""``./course bench``: run one of ``benchmarks/*.py``."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys

from courseware.place import course_root

EXAMPLES = """examples:
  ./course bench invoke           how fast functions are invoked, against a constant HTTP server
  ./course bench invoke --json    the same as one JSON object
  ./course bench events           events a second from S3 and SQS, here and on ministack, and six virtual hours of retries
  ./course bench soak --events    a million events: is anything lost, does memory grow?
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course bench``."""
    names = sorted(path.stem for path in (course_root() / "benchmarks").glob("[a-z]*.py"))
    parser.add_argument("name", choices=names, help=f"what to measure: {', '.join(names)}")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else on standard output")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="further arguments for the benchmark itself")


def run(args: argparse.Namespace) -> int:
    """In a process group of its own, so that Ctrl-C stops whatever it started."""
    script = course_root() / "benchmarks" / f"{args.name}.py"
    command = [sys.executable, str(script), *(["--json"] if args.json else []), *args.rest]
    process = subprocess.Popen(command, cwd=course_root(), start_new_session=True)
    try:
        return 1 if process.wait() else 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
