"""Stand-ins for compiled packages that a browser lacks, so that moto imports there; using one says so.

Installed by the page's bundle only, before anything of this room is imported: ``browser_stubs.install()``. Packages that are
there are left alone. What moto then cannot do in the browser: asymmetric KMS keys (symmetric ones have ``browser_kms``), ACM,
signing certificates, OpenAPI imports.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from sandbox.errors import InternalError

STUBBED = ("cryptography", "openapi_spec_validator", "joserfc", "multipart", "docker")


class _AbsentType(type):
    """Attributes of a stub are stubs too: ``from package import submodule`` and then ``submodule.Class``."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _AbsentType(name, (_Absent,), {"__module__": f"{cls.__module__}.{cls.__name__}"})


class _Absent(metaclass=_AbsentType):
    """Takes the place of any class or function of a stubbed package."""

    def __init__(self, *_args: object, **_kwargs: object) -> None:
        raise InternalError(f"{type(self).__module__} is not available in the browser")

    def __class_getitem__(cls, _item: object) -> type[_Absent]:
        return cls


class _StubModule(ModuleType):
    __path__: list[str] = []  # noqa: RUF012  # a package, so that submodules are looked for

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        stub = _AbsentType(name, (_Absent,), {"__module__": self.__name__})
        setattr(self, name, stub)
        return stub


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname.split(".", 1)[0] not in self.names:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StubModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: names appear when they are asked for."""


def install(names: Sequence[str] = STUBBED) -> tuple[str, ...]:
    """Stub what is missing; returns the names that were. Idempotent."""
    known = next((finder for finder in sys.meta_path if isinstance(finder, _Finder)), None)
    stubbed = known.names if known is not None else frozenset()
    missing = [
        name for name in names if name not in stubbed and name not in sys.modules and importlib.util.find_spec(name) is None
    ]
    if missing:
        if known is not None:
            known.names |= frozenset(missing)
        else:
            sys.meta_path.insert(0, _Finder(frozenset(missing)))
    return tuple(missing)
