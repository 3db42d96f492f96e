"""One account's share of moto's process-wide state: swapped in while the account works, swapped out for the next one.

moto keeps every service in module-level ``BackendDict`` objects. A ``World`` owns their contents; ``entered()`` puts them in
place under one process-wide lock, so that several accounts live in one process without seeing each other's buckets, queues, users
or keys. moto itself is imported at the first entry, not before: it costs most of an account's start-up time.

Where isolation ends: threads that moto starts (Step Functions executions, Batch, custom resources) write into the world that is
entered at that moment; class counters such as log event ids are shared.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from sandbox.clock import Clock
from sandbox.control_plane import seams
from sandbox.ids import Ids

_MODULES = {"lambda": "awslambda"}  # botocore's service name to moto's package, where they differ
_GLOBAL = {"iam", "sts", "s3", "organizations", "cloudfront", "route53"}  # one backend for all regions
_OWN_ATTRIBUTES = {"backend", "service_name", "_use_boto3_regions", "_additional_regions", "_id"}

_lock = threading.RLock()
_entered: World | None = None


class _Contents:
    """What one ``BackendDict`` held: its accounts, and the attributes a subclass adds (S3's ``bucket_accounts``)."""

    __slots__ = ("accounts", "extras")

    def __init__(self, accounts: dict[str, Any], extras: dict[str, Any]) -> None:
        self.accounts = accounts
        self.extras = extras


class World:
    """Isolated moto state. All access goes through ``entered()`` or ``backend()``; ``reset()`` empties it in milliseconds."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self.clock = clock
        self.ids = ids
        self._kept: list[tuple[Any, _Contents]] = []
        self._random_state: Any = None

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Hold the process-wide lock with this world's state in moto; re-entrant."""
        with _lock:
            self._enter()
            yield

    def backend(self, service: str, account_id: str, region: str = "aws") -> Any:
        """moto's backend object of a service (botocore's name). Hold ``entered()`` while using it."""
        return self.backends(service)[account_id]["aws" if service in _GLOBAL else region]

    def backends(self, service: str) -> Any:
        """moto's accounts of a service: account id to region to backend."""
        with _lock:
            self._enter()
            return getattr(load_service(service), f"{package_of(service)}_backends")

    def known(self, service: str) -> bool:
        """Whether any account of this world has state for the service (asking does not create any)."""
        with _lock:
            if _entered is not self:
                return any(holder.service_name == service and contents.accounts for holder, contents in self._kept)
            if "moto" not in sys.modules:
                return False
            return any(holder.service_name == service and len(holder) for holder in _backend_dict()._instances)

    def reset(self) -> None:
        """Forget all state."""
        with _lock:
            if _entered is not self and not self._kept:
                return
            self._enter()
            _stash()
            self._random_state = None
            self._seed()

    def close(self) -> None:
        """Drop the state and leave moto empty if this world is the entered one; idempotent."""
        global _entered  # noqa: PLW0603  # which world is in place is a property of the process
        with _lock:
            self._kept = []
            if _entered is self:
                _stash()
                _entered = None

    def _enter(self) -> None:
        global _entered  # noqa: PLW0603
        if _entered is self:
            return
        seams.install(current_clock)
        if _entered is not None:
            _entered._kept = _stash()
            _entered._random_state = _mock_random().getstate()
        for holder, contents in self._kept:
            holder.update(contents.accounts)
            vars(holder).update(contents.extras)
            _backend_dict()._instances.append(holder)
        self._kept = []
        _entered = self
        self._seed()

    def _seed(self) -> None:
        if self._random_state is None:
            _mock_random().seed(self.ids.seed)
        else:
            _mock_random().setstate(self._random_state)


def current_clock() -> Clock | None:
    """The clock of the world whose state is in place; what moto's own reads of the time are given."""
    return _entered.clock if _entered is not None else None


def package_of(service: str) -> str:
    """moto's package for a botocore service name."""
    return _MODULES.get(service, service)


def load_service(service: str) -> Any:
    """Import moto's models of a service (once; lazily, since each costs start-up time) and apply the seams that concern it."""
    module = import_module(f"moto.{package_of(service)}.models")
    seams.apply()
    return module


def _stash() -> list[tuple[Any, _Contents]]:
    """Take everything out of moto's dictionaries."""
    kept = []
    instances = _backend_dict()._instances
    for holder in list(instances):
        extras = {name: value for name, value in vars(holder).items() if name not in _OWN_ATTRIBUTES}
        kept.append((holder, _Contents(dict.copy(holder), extras)))
        holder.clear()
        for name, value in extras.items():
            setattr(holder, name, type(value)())
    instances.clear()
    return kept


def _backend_dict() -> Any:
    return sys.modules["moto.core.base_backend"].BackendDict


def _mock_random() -> Any:
    return sys.modules["moto.moto_api._internal"].mock_random
