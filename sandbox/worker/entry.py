"""The first function of a child process: the configuration on the command line says what it becomes."""

from __future__ import annotations

import json

from . import custom, program, zygote
from .child import Child, take_over


def main(configuration: str) -> None:
    """Serve as fork server; in each new environment's process, run the function with a clean stack above it."""
    born = zygote.serve(json.loads(configuration))
    if born is None:
        return
    if born.spec["program"] == "node":
        program.become_node(born)
    elif born.spec["program"] == "custom":
        custom.Custom(born).run()
    else:
        pipes = take_over(born.spec, born.pipes)
        Child(born.spec, pipes, born.paths, born.at).run()
