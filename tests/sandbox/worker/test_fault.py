from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.worker import fault
from sandbox.worker.fault import ShownPaths


@pytest.mark.parametrize(
    ("real", "shown"),
    [
        ("/store/abc/app.py", "/var/task/app.py"),
        ("/store/abc", "/var/task"),
        ("/store/abcdef/app.py", "/store/abcdef/app.py"),
        ("/store/abc/inner/x.py", "/opt/x.py"),
        ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap>"),
    ],
)
def test_the_longest_prefix_decides_how_a_path_is_shown(real, shown):
    assert ShownPaths({"/store/abc": "/var/task", "/store/abc/inner": "/opt"}).shown(real) == shown


def raised(function):
    try:
        function()
    except ValueError as error:
        return error.__traceback__


def test_the_runtimes_own_frames_are_cut_where_the_page_has_compiled_it_ahead():
    """There the code's file names are relative and ``__file__`` is another place."""
    code = compile(Path(fault.__file__).read_text(), "elsewhere/worker/fault.py", "exec")
    namespace = {"__name__": "ahead", "__file__": "/lib/python/worker/fault.py"}
    exec(code, namespace)
    scope: dict = {}
    exec(compile("def handler():\n    raise ValueError\n", "/var/task/app.py", "exec"), scope)
    exec(compile("def invoke():\n    handler()\n", "elsewhere/worker/bootstrap.py", "exec"), scope)
    stack = namespace["ShownPaths"]().stack(raised(scope["invoke"]).tb_next)
    assert stack == ['  File "/var/task/app.py", line 2, in handler\n']


def test_a_trace_with_nothing_but_the_runtimes_frames_is_kept():
    scope: dict = {}
    exec(compile("def invoke():\n    raise ValueError\n", f"{fault._HERE}/bootstrap.py", "exec"), scope)
    stack = ShownPaths().stack(raised(scope["invoke"]).tb_next)
    assert stack == ['  File "/var/runtime/bootstrap.py", line 2, in invoke\n']
