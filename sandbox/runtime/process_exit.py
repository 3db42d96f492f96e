"""How AWS words the end of a function's process."""

from __future__ import annotations

import os
import signal

# Go's names, as AWS's init process reports them.
_SIGNALS = {
    signal.SIGABRT: "aborted",
    signal.SIGFPE: "floating point exception",
    signal.SIGHUP: "hangup",
    signal.SIGILL: "illegal instruction",
    signal.SIGINT: "interrupt",
    signal.SIGKILL: "killed",
    signal.SIGPIPE: "broken pipe",
    signal.SIGSEGV: "segmentation fault",
    signal.SIGTERM: "terminated",
}


def exit_text(status: int) -> str:
    """``exit status 1``, ``signal: killed``; empty for a clean exit, of which AWS says "without providing a reason"."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"signal: {_SIGNALS.get(number, str(number))}"  # type: ignore[call-overload]
    code = os.waitstatus_to_exitcode(status)
    return f"exit status {code}" if code else ""
