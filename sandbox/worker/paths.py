"""``/var/task``, ``/opt`` and ``/tmp`` without a private root: Python's own file functions translate these prefixes.

Used in the browser and where a machine offers no namespaces. Borders: C libraries and subprocesses see host paths; ``/tmp`` has
no size of its own.
"""

from __future__ import annotations

import builtins
import functools
import io
import os
import tempfile
import tokenize
from collections.abc import Callable
from typing import Any

_ONE_PATH = """
    access chdir chflags chmod chown getxattr lchown link listdir listxattr lstat mkdir mkfifo open pathconf readlink remove
    removexattr rename replace rmdir scandir setxattr stat statvfs symlink truncate unlink utime
""".split()  # noqa: SIM905 - readable
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


class _Entry:
    """An ``os.DirEntry`` whose path is the one the function knows."""

    def __init__(self, entry: os.DirEntry[Any], path_map: PathMap) -> None:
        self._entry = entry
        self.name = entry.name
        self.path = path_map.virtual(entry.path) if isinstance(entry.path, str) else entry.path

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entry, name)

    def __fspath__(self) -> Any:
        return self.path

    def __repr__(self) -> str:
        return f"<DirEntry {self.name!r}>"


class _Entries:
    """What ``os.scandir`` gives: an iterator that can be closed."""

    def __init__(self, entries: Any, path_map: PathMap) -> None:
        self._entries = entries
        self._map = path_map
        self.close = entries.close

    def __iter__(self) -> _Entries:
        return self

    def __next__(self) -> _Entry:
        return _Entry(next(self._entries), self._map)

    def __enter__(self) -> _Entries:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Patches:
    """Python's file functions, replaced while installed. Without an ``active`` map each behaves as before."""

    def __init__(self) -> None:
        self.active: PathMap | None = None
        self._replaced: list[tuple[Any, str, Any, Any]] = []  # where, name, original, wrapper
        self._installed = False

    def install(self) -> None:
        if self._installed:
            return
        self._installed = True
        if not self._replaced:
            self._prepare()
        for where, name, _, wrapper in self._replaced:
            setattr(where, name, wrapper)

    def uninstall(self) -> None:
        """Whoever has kept a wrapper (``from os import listdir``) can go on using it."""
        if self._installed:
            self._installed = False
            for where, name, original, _ in self._replaced:
                setattr(where, name, original)

    def _prepare(self) -> None:
        opened = self._wrapped(builtins.open, two=False)
        for where, name in ((builtins, "open"), (io, "open"), (tokenize, "_builtin_open")):  # linecache reads through the last
            self._replaced.append((where, name, getattr(where, name), opened))
        for name in _ONE_PATH:
            if hasattr(os, name):
                original = getattr(os, name)
                wrapper = self._scandir(original) if name == "scandir" else self._wrapped(original, two=name in _TWO_PATHS)
                for group in (os.supports_fd, os.supports_dir_fd, os.supports_follow_symlinks):
                    if original in group:
                        group.add(wrapper)
                self._replaced.append((os, name, original, wrapper))
        self._replaced.append((os, "getcwd", os.getcwd, self._getcwd(os.getcwd)))
        wrappers = {original: wrapper for where, _, original, wrapper in self._replaced if where is os}
        for name in ("close", "cleanup"):  # tempfile keeps ``unlink`` as a default argument
            keeper = getattr(getattr(tempfile, "_TemporaryFileCloser", None), name, None)
            if keeper is not None and keeper.__defaults__:
                replaced = tuple(wrappers.get(each, each) for each in keeper.__defaults__)
                self._replaced.append((keeper, "__defaults__", keeper.__defaults__, replaced))

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

    def _scandir(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def mapped(path: Any = ".") -> Any:
            active = self.active
            real = path if active is None else active.real(path)
            return original(path) if active is None or real is path else _Entries(original(real), active)

        return mapped

    def _getcwd(self, original: Callable[[], str]) -> Callable[[], str]:
        @functools.wraps(original)
        def mapped() -> str:
            return original() if self.active is None else self.active.virtual(original())

        return mapped


patches = Patches()
