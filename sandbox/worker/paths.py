"""``/var/task``, ``/opt`` and ``/tmp`` without a private root: Python's own file functions translate these prefixes.

Used in the browser and where a machine offers no namespaces. Borders: C libraries and subprocesses see host paths; a
``DirEntry.path`` is the host's; ``/tmp`` has no size of its own.
"""

from __future__ import annotations

import builtins
import functools
import io
import os
import sys
import tokenize
from collections.abc import Callable
from typing import Any

_ONE_PATH = (
    "access", "chdir", "chflags", "chmod", "chown", "getxattr", "lchown", "link", "listdir", "listxattr", "lstat", "mkdir", "mkfifo",
    "open", "pathconf", "readlink", "remove", "removexattr", "rename", "replace", "rmdir", "scandir", "setxattr", "stat", "statvfs",
    "symlink", "truncate", "unlink", "utime",
)  # fmt: skip
_TWO_PATHS = frozenset({"link", "rename", "replace", "symlink"})


class PathMap:
    """Virtual prefixes and the host directories behind them. Host directories below a virtual prefix (a scratch directory in the
    host's ``/tmp``) stay reachable by their own names, as do those in ``kept``.
    """

    def __init__(self, prefixes: dict[str, str], kept: tuple[str, ...] = ()) -> None:
        self.prefixes = dict(prefixes)
        self._kept = tuple({*kept, *prefixes.values()})

    def real(self, path: Any) -> Any:
        """Host path for a path under a virtual prefix; anything else comes back as it was."""
        if isinstance(path, int) or path is None:
            return path
        text = os.fspath(path)
        if isinstance(text, bytes):
            found = self._find(os.fsdecode(text))
            return path if found is None else os.fsencode(found)
        found = self._find(text)
        return path if found is None else found

    def _find(self, text: str) -> str | None:
        for virtual, real in self.prefixes.items():
            if text.startswith(virtual) and text[len(virtual) : len(virtual) + 1] in ("", "/"):
                return None if text.startswith(self._kept) else real + text[len(virtual) :]
        return None

    def virtual(self, path: str) -> str:
        for virtual, real in self.prefixes.items():
            if path.startswith(real) and path[len(real) : len(real) + 1] in ("", "/"):
                return virtual + path[len(real) :]
        return path


class _Patches:
    """Installed once a process; without an ``active`` map every function behaves as before."""

    def __init__(self) -> None:
        self.active: PathMap | None = None
        self.installed = False

    def install(self) -> None:
        if self.installed:
            return
        self.installed = True
        opened = self._wrapped(builtins.open, two=False)
        builtins.open = io.open = opened  # type: ignore[assignment]
        tokenize._builtin_open = opened  # type: ignore[attr-defined]  # linecache reads sources through it
        for name in _ONE_PATH:
            if hasattr(os, name):
                original = getattr(os, name)
                wrapper = self._wrapped(original, two=name in _TWO_PATHS)
                for group in (os.supports_fd, os.supports_dir_fd, os.supports_follow_symlinks):
                    if original in group:
                        group.add(wrapper)
                setattr(os, name, wrapper)
        os.getcwd = self._getcwd(os.getcwd)
        sqlite = sys.modules.get("sqlite3")
        if sqlite is not None:
            sqlite.connect = self._wrapped(sqlite.connect, two=False)  # type: ignore[attr-defined]

    def _wrapped(self, original: Callable[..., Any], *, two: bool) -> Callable[..., Any]:
        @functools.wraps(original)
        def mapped(*arguments: Any, **named: Any) -> Any:
            active = self.active
            if active is None:
                return original(*arguments, **named)
            if not arguments:
                for key in ("path", "file", "src", "dst"):
                    if key in named:
                        named[key] = active.real(named[key])
                return original(**named)
            head = [active.real(each) for each in arguments[: 2 if two else 1]]
            return original(*head, *arguments[len(head) :], **named)

        return mapped

    def _getcwd(self, original: Callable[[], str]) -> Callable[[], str]:
        @functools.wraps(original)
        def mapped() -> str:
            return original() if self.active is None else self.active.virtual(original())

        return mapped


patches = _Patches()
