"""The floor under a judged capstone: what a sound solution takes to make the pictures of one submission, and nothing else.

No account, no deployment, no cold start: the pictures that the scenarios leave in the upload bucket, one after the other through
the solution's own ``shrink``. A judge that cost nothing at all could not be faster than this for each submission it judges.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import time
from pathlib import Path
from typing import Any

from autograder.assessment import load_assessment
from autograder.intake import take
from autograder.judge import Judge, run_scenarios
from courseware.layers import ready

ROUNDS = 3


def images_alone_s(capstone: Path) -> float:
    """Processor seconds for all pictures of one submission, the best of a few rounds."""
    sys.path.insert(0, str(capstone / "solutions" / "plain" / "src"))
    try:
        images, settings = importlib.import_module("images"), importlib.import_module("settings")
    finally:
        sys.path.pop(0)
    bodies, given = _pictures(capstone, settings)
    return min(_round(images, bodies, given) for _ in range(ROUNDS))


def _round(images: Any, bodies: list[bytes], settings: Any) -> float:
    start = time.thread_time()
    for body in bodies:
        with contextlib.suppress(images.NotAnImage):
            images.shrink(body, settings)
    return time.thread_time() - start


def _pictures(capstone: Path, settings: Any) -> tuple[list[bytes], Any]:
    """What the scenarios upload, and the solution's settings as its function gets them."""
    assessment = load_assessment(capstone)
    with Judge(assessment, ready(assessment.layers)) as judge:
        scene = judge.scene(take(capstone / "solutions" / "plain"), assessment.variant(b"", ""))
        run_scenarios(judge.program, scene)
        s3, bucket = scene.clients("s3"), scene.traffic.bucket
        keys = [row["Key"] for row in s3.list_objects_v2(Bucket=bucket)["Contents"]]
        bodies = [s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys]
        held = scene.clients("lambda").get_function_configuration(FunctionName=scene.stack.outputs["FunctionName"])
    variables = held["Environment"]["Variables"]
    kinds = settings.Settings.__annotations__
    return bodies, settings.Settings(**{name: kind(variables[name.upper()]) for name, kind in kinds.items()})
