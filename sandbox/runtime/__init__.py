"""Execution environments: child processes or inline."""
