"""Faults on purpose: what is to go wrong, when and how often, replayable from the account's seed."""

from sandbox.faults.fault import Fault
from sandbox.faults.rules import Faults

__all__ = ["Fault", "Faults"]
