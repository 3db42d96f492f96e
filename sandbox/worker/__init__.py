"""Runs inside the child process; imports nothing of ours."""
