"""What of an interpreter belongs to one function while it runs: modules, search path, environment, output, logging, directory.

``outside`` gives the interpreter back to its owner in the middle of a function, for code of ours that a function calls.
"""

from __future__ import annotations

import contextlib
import errno
import importlib.machinery
import linecache
import logging
import os
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from sandbox.runtime.inline_time import TimeView, time_patches
from sandbox.runtime.package import BOTO3_PACKAGES
from sandbox.worker import mapped_import, search_path
from sandbox.worker.output import LineStream
from sandbox.worker.paths import PathMap, patches

_OURS = frozenset({"sandbox", "lambda_worker", "pyodide", "pyodide_js", "_pyodide", "js", "pyodide_http"})
_VIRTUAL = (search_path.TASK + "/", search_path.OPT + "/")
_NOT_HERE = ("fork", "forkpty", "posix_spawn", "posix_spawnp")


class ProcessEnded(BaseException):
    """``os._exit`` or ``os.abort`` of a function: here they may only end the function."""

    def __init__(self, exit_status: str) -> None:
        super().__init__(exit_status)
        self.exit_status = exit_status


class _RuntimeLibraries:
    """Finder of the path entry ``/var/runtime``: boto3 and what it needs, from wherever the host has them."""

    host_path: list[str] = []  # noqa: RUF012 - one host, one path

    @classmethod
    def find_spec(cls, fullname: str, _target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname not in BOTO3_PACKAGES:
            return None
        return importlib.machinery.PathFinder.find_spec(fullname, cls.host_path)

    @classmethod
    def invalidate_caches(cls) -> None:
        """Nothing is cached here."""


def _libraries_hook(entry: str) -> type[_RuntimeLibraries]:
    if entry != search_path.RUNTIME:
        raise ImportError("not the runtime's directory", path=entry)
    return _RuntimeLibraries


class InterpreterState:
    """One environment's share of the interpreter, put in place by ``activate`` and taken out by ``deactivate``."""

    def __init__(self, path_map: PathMap, variables: dict[str, str], streams: tuple[LineStream, LineStream]) -> None:
        self.view: TimeView | None = None
        self._map = path_map
        self._variables = variables
        self._streams = streams
        self._modules: dict[str, ModuleType] = {}
        self._root_handlers: list[logging.Handler] = []
        self._root_level = logging.WARNING
        self._boto3_session: Any = None
        self._undo = contextlib.ExitStack()
        entries = [search_path.TASK, *search_path.layer_entries(search_path.OPT, variables.get("AWS_EXECUTION_ENV", ""))]
        self._replaced = search_path.replaceable(path_map.real(entry) for entry in entries)

    def activate(self) -> None:
        """If a step fails, those before it are taken back."""
        with contextlib.ExitStack() as undo:
            for step in (
                self._set_variables,
                self._set_modules,
                self._set_boto3_session,
                self._set_files,
                self._set_search_path,
                self._set_output,
                self._set_logging,
                _guard_process,
                self._set_time,
            ):
                step(undo)
            self._undo = undo.pop_all()

    def deactivate(self) -> None:
        self._undo.close()

    def _set_variables(self, undo: contextlib.ExitStack) -> None:
        before = dict(os.environ)

        def restore() -> None:
            self._variables = dict(os.environ)
            os.environ.clear()
            os.environ.update(before)

        undo.callback(restore)
        os.environ.clear()
        os.environ.update(self._variables)

    def _set_modules(self, undo: contextlib.ExitStack) -> None:
        """Hide what the host has imported from elsewhere (a missing dependency must be missing here too), show our own."""
        modules = sys.modules
        hidden = {name: module for name, module in modules.items() if self._is_hidden(name) or name in self._modules}
        for name in hidden:
            del modules[name]
        shared = dict(modules)
        modules.update(self._modules)

        def restore() -> None:
            mine = {
                name: module
                for name, module in modules.items()
                if shared.get(name) is not module and (name in shared or self._is_mine(name, module))
            }
            for name in mine:
                del modules[name]
            self._modules = mine
            modules.update({**shared, **hidden})

        undo.callback(restore)

    def _set_boto3_session(self, undo: contextlib.ExitStack) -> None:
        """boto3 keeps one default session a process; here it is one an environment."""
        if "boto3" in self._replaced:
            return
        before = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)

        def restore() -> None:
            boto3 = sys.modules.get("boto3")  # the function may have been the first to import it
            if boto3 is not None:
                self._boto3_session = getattr(boto3, "DEFAULT_SESSION", None)
                boto3.DEFAULT_SESSION = before  # type: ignore[attr-defined]

        undo.callback(restore)
        if "boto3" in sys.modules:
            sys.modules["boto3"].DEFAULT_SESSION = self._boto3_session  # type: ignore[attr-defined]

    def _set_files(self, undo: contextlib.ExitStack) -> None:
        undo.callback(os.chdir, Path.cwd())
        undo.callback(setattr, tempfile, "tempdir", tempfile.tempdir)
        os.chdir(self._map.prefixes[search_path.TASK])
        tempfile.tempdir = "/tmp"  # noqa: S108 - the function's own
        undo.callback(_forget_lines)
        undo.callback(setattr, patches, "active", None)
        undo.callback(patches.uninstall)
        undo.callback(mapped_import.forget_finders, self._map)
        patches.active = self._map
        patches.install()

    def _set_search_path(self, undo: contextlib.ExitStack) -> None:
        mapped_import.install()
        if _libraries_hook not in sys.path_hooks:
            sys.path_hooks.insert(0, _libraries_hook)
        before, argv = sys.path[:], sys.argv[:]
        undo.callback(sys.path.__setitem__, slice(None), before)
        undo.callback(sys.argv.__setitem__, slice(None), argv)
        undo.callback(setattr, sys, "dont_write_bytecode", sys.dont_write_bytecode)
        _RuntimeLibraries.host_path = before
        asked_for = self._variables.get("AWS_EXECUTION_ENV", "")
        sys.path[:] = search_path.search_path(
            search_path.TASK, search_path.OPT, search_path.RUNTIME, _standard(before), asked_for
        )
        sys.argv[:] = ["/var/runtime/bootstrap.py"]
        sys.dont_write_bytecode = True

    def _set_output(self, undo: contextlib.ExitStack) -> None:
        undo.callback(setattr, sys, "stdout", sys.stdout)
        undo.callback(setattr, sys, "stderr", sys.stderr)
        sys.stdout, sys.stderr = self._streams

    def _set_logging(self, undo: contextlib.ExitStack) -> None:
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        undo.callback(setattr, logging.Formatter, "converter", logging.Formatter.converter)

        def restore() -> None:
            self._root_handlers, self._root_level = root.handlers[:], root.level
            root.handlers[:] = handlers
            root.setLevel(level)

        undo.callback(restore)
        root.handlers[:] = self._root_handlers
        root.setLevel(self._root_level)

    def _set_time(self, undo: contextlib.ExitStack) -> None:
        if self.view is not None:
            undo.callback(time_patches.deactivate)
            time_patches.activate(self.view)

    def _is_hidden(self, name: str) -> bool:
        top = name.partition(".")[0]
        if top in self._replaced:
            return True
        return not (top in sys.stdlib_module_names or top in BOTO3_PACKAGES or top in _OURS or top == "__main__")

    def _is_mine(self, name: str, module: ModuleType) -> bool:
        if name.partition(".")[0] in self._replaced:
            return True
        file = getattr(module, "__file__", None)
        if file is not None:
            return str(self._map.virtual(file)).startswith(_VIRTUAL)
        origin = getattr(getattr(module, "__spec__", None), "origin", None)
        return origin not in ("built-in", "frozen")


def _standard(host_path: list[str]) -> list[str]:
    """The standard library's entries of a search path, wherever else it leads."""
    library = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    library |= {f"{entry}/lib-dynload" for entry in library}
    return [entry for entry in host_path if entry in library or (entry.endswith(".zip") and "/python3" in entry)]


def _forget_lines() -> None:
    """Source lines of one environment's ``/var/task`` are not the next one's."""
    for filename in [name for name in linecache.cache if name.startswith(_VIRTUAL)]:
        del linecache.cache[filename]


def _leave(status: int) -> NoReturn:
    raise ProcessEnded(f"exit status {status}" if status else "")


def _abort() -> NoReturn:
    raise ProcessEnded("signal: aborted")


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


def _guard_process(undo: contextlib.ExitStack) -> None:
    """A function cannot end or duplicate the interpreter it shares."""
    for name, stand_in in {"_exit": _leave, "abort": _abort, **dict.fromkeys(_NOT_HERE, _refuse)}.items():
        if hasattr(os, name):
            undo.callback(setattr, os, name, getattr(os, name))
            setattr(os, name, stand_in)


class _Stack:
    """Whose state is in place: nobody's, or one environment's."""

    def __init__(self) -> None:
        self.current: InterpreterState | None = None

    def switch(self, to: InterpreterState | None) -> None:
        before = self.current
        if before is to:
            return
        self.current = None
        if before is not None:
            before.deactivate()
        if to is not None:
            to.activate()
            self.current = to


_stack = _Stack()


@contextlib.contextmanager
def inside(state: InterpreterState, view: TimeView) -> Iterator[None]:
    """Run a function's code; may be nested, when a function has the account call another one."""
    state.view = view
    before = _stack.current
    try:
        _stack.switch(state)
        yield
    finally:
        _stack.switch(before)


@contextlib.contextmanager
def outside() -> Iterator[None]:
    """Run the account's code in the middle of a function's call; the time that took counts against the function's deadline."""
    before = _stack.current
    try:
        _stack.switch(None)
        yield
    finally:
        _stack.switch(before)
    if before is not None and before.view is not None:
        before.view.check()
