from __future__ import annotations

from sandbox.runtime.process_isolation import isolation_here


def test_this_machines_isolation_is_what_functions_get(process_lab):
    process_lab.function("def handler(event, context):\n    return 1\n")
    if process_lab.kind == "process":
        assert isolation_here() == process_lab.runtime.isolation
