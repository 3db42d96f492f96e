"""The OS box that code of submissions runs in. ``choose()`` gives the strongest one that holds on this machine."""

from __future__ import annotations

from autograder.isolate.choice import BACKENDS, NoBoxError, choose
from sandbox.runtime.box import Box, BoxLimits

__all__ = ["BACKENDS", "Box", "BoxLimits", "NoBoxError", "choose"]
