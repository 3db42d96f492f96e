"""One AWS account on one machine: the room that knows all the others. Names are loaded when they are first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.account.inprocess import InprocessAccount, inprocess_account
    from sandbox.account.local import LocalAccount, local_account
    from sandbox.account.serving import serve
    from sandbox.account.settings import Settings
    from sandbox.account.wiring import Account

__all__ = ["Account", "InprocessAccount", "LocalAccount", "Settings", "inprocess_account", "local_account", "serve"]

_HOMES = {
    "Account": "wiring",
    "InprocessAccount": "inprocess",
    "LocalAccount": "local",
    "Settings": "settings",
    "inprocess_account": "inprocess",
    "local_account": "local",
    "serve": "serving",
}


def __getattr__(name: str) -> object:
    """The browser has no threads and the command line no botocore: neither pays for the other."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
