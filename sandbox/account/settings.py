"""What can be chosen about an account before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.runtime.box import Box
    from sandbox.runtime.ration import Ration


@dataclass(frozen=True, slots=True)
class Settings:
    """``start`` is when virtual time begins (epoch seconds; now if None); ``isolation`` is the process runtime's.
    ``box`` is what functions that are not trusted run in; it goes before ``isolation``.
    ``ration`` is what child processes of functions may take together until the account is reset; no limit if None.

    ``layers`` are zip files by the name of the layer whose first version they are, whenever the account is as new: read and
    checked once, however often it is reset.

    ``repeatable``, in process and in virtual time: functions cost account time only, what the host took is not measured, so that
    the same seed and start give the same timeline to the last byte.
    """

    account_id: str = "123456789012"
    region: str = "us-east-1"
    seed: int | None = None
    virtual_time: bool = False
    start: float | None = None
    isolation: str = "auto"
    box: Box | None = None
    ration: Ration | None = None
    layers: Mapping[str, Path] = field(default_factory=dict)
    repeatable: bool = False
