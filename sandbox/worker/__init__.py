"""The child process's code. Standard library only; it imports nothing of ours, only its own siblings.

It runs in two ways: in a child started as ``python -I -S sandbox/worker`` (where it goes by the name ``lambda_worker``) and, for
the modules that do no I/O, inside the account's interpreter (``sandbox.runtime.inline``), so that both agree on every word.
"""
