"""The surroundings of a function's process: a private root where the machine offers namespaces, mapped paths elsewhere."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from . import frames, limits, mapped_import, private_root, seal, search_path
from .fault import ShownPaths, language_paths
from .paths import PathMap, patches


@dataclass(frozen=True, slots=True)
class View:
    """Where the function finds its files, and how host paths are shown to it."""

    task: str
    opt: str
    shown: ShownPaths
    map: PathMap

    def real(self, path: str) -> str:
        return str(self.map.real(path))


class Box(Protocol):
    @property
    def kind(self) -> int: ...

    @property
    def end_signal(self) -> int:
        """What ends a keeper together with everything below it."""
        ...

    @property
    def runtime_dir(self) -> str: ...

    def fork(self) -> int: ...

    def enter(self, spec: dict[str, Any]) -> None:
        """In the keeper, before it forks the function."""
        ...

    def become_function(self, spec: dict[str, Any]) -> View: ...


class MappedPaths:
    """Names are translated; what keeps a function from the host's files is the seal, if there is one."""

    kind = frames.PATHS
    end_signal = signal.SIGTERM

    def __init__(self, settings: dict[str, Any]) -> None:
        self.runtime_dir: str = settings["runtime_dir"]
        self._packages = [source for _, source in settings["packages"]]
        self._seal: dict[str, Any] = settings["seal"]

    def fork(self) -> int:
        return os.fork()

    def enter(self, spec: dict[str, Any]) -> None:
        Path(spec["tmp_dir"]).mkdir(parents=True, exist_ok=True)

    def become_function(self, spec: dict[str, Any]) -> View:
        prefixes = {search_path.TASK: spec["code_dir"], "/tmp": spec["tmp_dir"]}  # noqa: S108 - the function's, not ours
        prefixes[search_path.OPT] = spec["opt_dir"] or str(Path(spec["tmp_dir"]).parent / "opt")
        path_map = PathMap(prefixes, (self.runtime_dir, sys.base_prefix))
        os.chdir(spec["code_dir"])
        sys.dont_write_bytecode = True
        limits.cap_files(spec["tmp_mb"])
        spec["variables"] = {"TMPDIR": spec["tmp_dir"], **spec["variables"]}  # subprocesses see no mapping
        patches.install()
        mapped_import.install()
        shown = {real: virtual for virtual, real in prefixes.items()}
        seal.apply(
            self._seal, [spec["code_dir"], prefixes[search_path.OPT], self.runtime_dir, *self._packages], [spec["tmp_dir"]]
        )
        patches.active = path_map  # the seal names real paths: a checkout below /tmp is not the function's /tmp
        return View(search_path.TASK, search_path.OPT, ShownPaths({**language_paths(), **shown}), path_map)


class PrivateRoot:
    """Mount and process namespaces: only the interpreter, the package, the layers and a ``/tmp`` of the right size."""

    kind = frames.NAMESPACES
    end_signal = signal.SIGKILL
    runtime_dir = search_path.RUNTIME

    def __init__(self, root: private_root.Root, rules: dict[str, Any]) -> None:
        self._root = root
        self._seal = rules

    def fork(self) -> int:
        return self._root.fork()

    def enter(self, spec: dict[str, Any]) -> None:
        self._root.enter(spec)

    def become_function(self, spec: dict[str, Any]) -> View:  # noqa: ARG002 - the protocol's
        self._root.become_function()
        sys.dont_write_bytecode = True
        python = f"/var/lang/bin/python{sys.version_info.major}.{sys.version_info.minor}"
        if Path(python).exists():
            sys.executable = python
        seal.apply(self._seal, [], [])
        shown = ShownPaths(language_paths())
        return View(search_path.TASK, search_path.OPT, shown, PathMap({}))


def build(settings: dict[str, Any]) -> Box:
    """The strongest box this machine gives; a private root that fails its self-test is not used. Where one is demanded
    (``namespaces``) there is no second best: OSError.
    """
    if settings["isolation"] != "paths":
        try:
            return PrivateRoot(private_root.build(settings), settings["seal"])
        except OSError:
            if settings["isolation"] == "namespaces":
                raise
    return MappedPaths(settings)
