"""The control channel: clock, faults, evidence, reset."""
