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
import tempfile
from collections.abc import Iterator
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
        self._replaced = search_path.shadowed(path_map.real(entry) for entry in self._entries())
        self._root_handlers: list[logging.Handler] = []
        self._root_level = logging.WARNING
        self._boto3_session: Any = None
        self._saved: dict[str, Any] = {}

    def _entries(self) -> list[str]:
        return [search_path.TASK, *search_path.layer_entries(search_path.OPT)]

    def activate(self) -> None:
        saved = self._saved
        saved["environ"], saved["path"], saved["cwd"] = dict(os.environ), sys.path[:], os.getcwd()
        saved["streams"], saved["argv"], saved["tempdir"] = (sys.stdout, sys.stderr), sys.argv[:], tempfile.tempdir
        saved["bytecode"] = sys.dont_write_bytecode
        saved["exits"] = {name: getattr(os, name) for name in ("_exit", "abort", *_NOT_HERE) if hasattr(os, name)}
        root = logging.getLogger()
        saved["logging"] = (root.handlers[:], root.level, logging.Formatter.converter)
        _RuntimeLibraries.host_path = saved["path"]
        os.environ.clear()
        os.environ.update(self._variables)
        os.chdir(self._map.prefixes[search_path.TASK])
        self._show_modules()
        patches.active = self._map
        patches.install()
        mapped_import.install()
        if _libraries_hook not in sys.path_hooks:
            sys.path_hooks.insert(0, _libraries_hook)
        sys.path[:] = search_path.search_path(search_path.TASK, search_path.OPT, search_path.RUNTIME, _standard(saved["path"]))
        sys.stdout, sys.stderr = self._streams
        sys.argv[:] = ["/var/runtime/bootstrap.py"]
        sys.dont_write_bytecode = True
        tempfile.tempdir = "/tmp"  # noqa: S108 - the function's own
        _guard_process()
        root.handlers[:] = self._root_handlers
        root.setLevel(self._root_level)
        if self.view is not None:
            time_patches.activate(self.view)

    def deactivate(self) -> None:
        saved = self._saved
        time_patches.deactivate()
        root = logging.getLogger()
        self._root_handlers, self._root_level = root.handlers[:], root.level
        root.handlers[:], level, logging.Formatter.converter = saved["logging"]  # type: ignore[assignment]
        root.setLevel(level)
        for name, original in saved["exits"].items():
            setattr(os, name, original)
        self._variables = dict(os.environ)
        os.environ.clear()
        os.environ.update(saved["environ"])
        self._hide_modules()
        mapped_import.forget_finders(self._map)
        patches.uninstall()
        patches.active = None
        sys.path[:], sys.argv[:] = saved["path"], saved["argv"]
        sys.stdout, sys.stderr = saved["streams"]
        sys.dont_write_bytecode, tempfile.tempdir = saved["bytecode"], saved["tempdir"]
        os.chdir(saved["cwd"])
        for filename in [name for name in linecache.cache if name.startswith(_VIRTUAL)]:
            del linecache.cache[filename]

    def _show_modules(self) -> None:
        """Hide what the host has imported from elsewhere (a missing dependency must be missing here too), show our own."""
        hidden = {name: module for name, module in sys.modules.items() if self._is_hidden(name)}
        for name in hidden:
            del sys.modules[name]
        self._saved["hidden"] = hidden
        sys.modules.update(self._modules)
        self._saved["before"] = dict(sys.modules)
        boto3 = sys.modules.get("boto3")
        if boto3 is not None:
            self._saved["boto3"] = boto3.DEFAULT_SESSION  # type: ignore[attr-defined]
            boto3.DEFAULT_SESSION = self._boto3_session  # type: ignore[attr-defined]

    def _hide_modules(self) -> None:
        boto3 = sys.modules.get("boto3")
        if boto3 is not None and "boto3" not in self._replaced:
            self._boto3_session = boto3.DEFAULT_SESSION  # type: ignore[attr-defined]
            boto3.DEFAULT_SESSION = self._saved.pop("boto3", None)  # type: ignore[attr-defined]
        before = self._saved["before"]
        mine = {
            name: module
            for name, module in sys.modules.items()
            if name in self._modules or (before.get(name) is not module and (name in before or self._is_mine(name, module)))
        }
        for name in mine:
            del sys.modules[name]
        for name, module in before.items():
            if name not in self._modules:
                sys.modules.setdefault(name, module)  # what the function deleted or replaced
        self._modules = mine
        sys.modules.update(self._saved["hidden"])

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
    return [entry for entry in host_path if entry and not entry.rstrip("/").endswith(("site-packages", "dist-packages"))]


def _guard_process() -> None:
    """A function cannot end or duplicate the interpreter it shares."""

    def leave(status: int) -> NoReturn:
        raise ProcessEnded(f"exit status {status}" if status else "")

    def abort() -> NoReturn:
        raise ProcessEnded("signal: aborted")

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    os._exit, os.abort = leave, abort
    for name in _NOT_HERE:
        if hasattr(os, name):
            setattr(os, name, refuse)


class _Stack:
    """Whose state is in place: nobody's, or one environment's."""

    def __init__(self) -> None:
        self.current: InterpreterState | None = None

    def switch(self, to: InterpreterState | None) -> InterpreterState | None:
        before = self.current
        if before is to:
            return before
        if before is not None:
            before.deactivate()
        self.current = to
        if to is not None:
            to.activate()
        return before


_stack = _Stack()


@contextlib.contextmanager
def inside(state: InterpreterState, view: TimeView) -> Iterator[None]:
    """Run a function's code; may be nested, when a function has the account call another one."""
    state.view = view
    before = _stack.switch(state)
    try:
        yield
    finally:
        _stack.switch(before)


@contextlib.contextmanager
def outside() -> Iterator[None]:
    """Run the account's code in the middle of a function's call; whatever time that took counts against the function's deadline."""
    before = _stack.switch(None)
    try:
        yield
    finally:
        _stack.switch(before)
    if before is not None and before.view is not None:
        before.view.check()
