"""A function that is no Python: its process becomes the program that runs it, which speaks the same frames."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NoReturn

from .child import Born, take_over

_KEPT = ("ahead_s", "handler", "runtime", "log_format", "log_level", "log_bytes_max", "response_bytes_max", "stream_bytes_max")
_HEAP_SHARE = 0.9


def become_node(born: Born) -> NoReturn:
    """Node, found in the runtime's directory. The pipes keep their numbers over ``exec``."""
    spec = born.spec
    pipes = take_over(spec, born.pipes)
    for descriptor in (pipes.event, pipes.control, pipes.log):
        os.set_inheritable(descriptor, True)  # noqa: FBT003 - its only signature
    settings = {name: spec[name] for name in _KEPT} | {
        "task": spec["task_dir"],
        "event": pipes.event,
        "control": pipes.control,
        "log": pipes.log,
    }
    runtime = Path(spec["runtime_dir"])
    node = str(runtime / "node")
    heap = f"--max-old-space-size={int(spec['memory_mb'] * _HEAP_SHARE)}"
    arguments = [node, heap, str(runtime / "node_runtime.mjs"), json.dumps(settings)]
    search = os.environ.get("NODE_PATH", "")
    os.environ["NODE_PATH"] = search.replace("/var/task", spec["task_dir"]).replace("/opt/", spec["opt_root"] + "/")
    os.execve(node, arguments, dict(os.environ))  # noqa: S606 - the runtime's own program
