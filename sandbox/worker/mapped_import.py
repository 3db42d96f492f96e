"""Imports from virtual directories: modules say ``/var/task/app.py`` while the file lies in a host directory.

``importlib`` reads files below the functions ``paths`` patches, so path entries under a virtual prefix get a finder of their own.
"""

from __future__ import annotations

import sys
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
    SourcelessFileLoader,
)
from typing import Any

from .paths import PathMap, patches


def _real(path: str) -> str:
    found = path if patches.active is None else patches.active.real(path)
    return str(found)


def _virtual(path: str) -> str:
    return path if patches.active is None else patches.active.virtual(path)


class MappedSourceLoader(SourceFileLoader):
    def __init__(self, fullname: str, path: str) -> None:
        super().__init__(fullname, _virtual(path))

    def get_data(self, path: str) -> bytes:
        return super().get_data(_real(path))

    def path_stats(self, path: str) -> Any:
        return super().path_stats(_real(path))

    def _cache_bytecode(self, *_: Any) -> None:
        """``/var/task`` is read-only."""


class MappedBytecodeLoader(SourcelessFileLoader):
    def get_data(self, path: str) -> bytes:
        return super().get_data(_real(path))


class MappedFinder:
    """The path entry finder of one virtual directory."""

    def __init__(self, entry: str) -> None:
        self._finder = FileFinder(
            _real(entry),
            (ExtensionFileLoader, EXTENSION_SUFFIXES),
            (MappedSourceLoader, SOURCE_SUFFIXES),
            (MappedBytecodeLoader, BYTECODE_SUFFIXES),
        )

    def find_spec(self, fullname: str, target: Any = None) -> ModuleSpec | None:
        spec = self._finder.find_spec(fullname, target)
        if spec is None:
            return None
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations = [_virtual(each) for each in spec.submodule_search_locations]
        if spec.origin and not isinstance(spec.loader, ExtensionFileLoader):  # the linker needs the host's path
            spec.origin = _virtual(spec.origin)
        return spec

    def invalidate_caches(self) -> None:
        self._finder.invalidate_caches()


def _hook(entry: str) -> MappedFinder:
    active: PathMap | None = patches.active
    if active is None or active.real(entry) == entry:
        raise ImportError("not a virtual directory", path=entry)
    return MappedFinder(entry)


def install() -> None:
    """Idempotent; the hook looks at the active map only."""
    if _hook not in sys.path_hooks:
        sys.path_hooks.insert(0, _hook)


def forget_finders(path_map: PathMap) -> None:
    """Drop cached finders of virtual directories: the next environment has other files behind them."""
    for entry in list(sys.path_importer_cache):
        if path_map.real(entry) != entry:
            del sys.path_importer_cache[entry]
