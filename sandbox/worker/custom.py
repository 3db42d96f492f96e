"""A custom runtime: ``bootstrap`` as a child, the Runtime API between it and the account's frames."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from . import frames, runtime_api
from .child import Born, Pipes, take_over

_READ_BYTES = 65536
_ENDED_BY = 128


class Custom:
    """Drives one ``bootstrap``; its end is this process's end, with the same status."""

    def __init__(self, born: Born) -> None:
        self._spec = born.spec
        self._since = born.at
        self._pipes: Pipes = take_over(born.spec, born.pipes)
        self._writing = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> NoReturn:
        program = self._bootstrap()
        variables = dict(os.environ)
        function = {
            "functionName": variables.get("AWS_LAMBDA_FUNCTION_NAME", ""),
            "functionVersion": variables.get("AWS_LAMBDA_FUNCTION_VERSION", ""),
            "handler": self._spec["handler"],
        }
        desk = runtime_api.Desk(self._answered, self._failed, self._ready, function, self._spec["response_bytes_max"])
        server = runtime_api.serve(desk)
        variables["AWS_LAMBDA_RUNTIME_API"] = f"127.0.0.1:{server.server_address[1]}"
        variables["LAMBDA_TASK_ROOT"] = self._spec["task_dir"]
        extensions = self._extensions()
        desk.expected.update(each.name for each in extensions)
        for extension in extensions:
            subprocess.Popen([str(extension)], env=variables)  # noqa: S603 - the function's own layer
        try:
            self._process = subprocess.Popen([program], env=variables)  # noqa: S603 - the function's own program
        except OSError as error:
            self._failed(_invalid(f"fork/exec /var/task/bootstrap: {(error.strerror or str(error)).lower()}"))
        threading.Thread(target=self._watch, daemon=True).start()
        self._serve(desk)

    def _bootstrap(self) -> str:
        places = [Path(self._spec[name], "bootstrap") for name in ("task_dir", "opt_root")]
        found = next((str(place) for place in places if place.is_file()), "")
        if not found:
            self._failed(_invalid("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"))
        return found

    def _extensions(self) -> list[Path]:
        folder = Path(self._spec["opt_root"], "extensions")
        if not folder.is_dir():
            return []
        return sorted(each for each in folder.iterdir() if each.is_file() and os.access(each, os.X_OK))

    def _watch(self) -> None:
        assert self._process is not None
        status = self._process.wait()
        if status < 0:
            with contextlib.suppress(OSError, ValueError):
                signal.signal(-status, signal.SIG_DFL)
            os.kill(os.getpid(), -status)
            os._exit(_ENDED_BY - status)
        os._exit(status)

    def _serve(self, desk: runtime_api.Desk) -> NoReturn:
        reader = frames.FrameReader(self._spec["event_bytes_max"])
        while data := os.read(self._pipes.event, _READ_BYTES):
            for _, body in reader.feed(data):
                self._since = time.perf_counter()
                desk.give(_invocation(body))
        os._exit(0)

    def _ready(self) -> None:
        self._send(frames.READY, b"")

    def _answered(self, failed: bool, body: bytes) -> None:
        self._send(frames.RESULT_ERROR if failed else frames.RESULT_OK, body)

    def _failed(self, document: dict[str, Any]) -> NoReturn:
        self._send(frames.FAILED, json.dumps(document).encode())
        os._exit(1)

    def _send(self, kind: int, body: bytes) -> None:
        spent_us = min(int((time.perf_counter() - self._since) * 1e6), 0xFFFFFFFF)
        view = memoryview(frames.pack(kind, frames.RESULT.pack(spent_us, self._peak_kb(), 0) + body))
        with self._writing:
            while view:
                view = view[os.write(self._pipes.control, view) :]

    def _peak_kb(self) -> int:
        """The program's, not this go-between's; 0 without ``/proc``."""
        if self._process is None or sys.platform != "linux":
            return 0
        with contextlib.suppress(OSError, IndexError, ValueError):
            text = Path(f"/proc/{self._process.pid}/status").read_text("ascii", "replace")
            return int(text.partition("VmHWM:")[2].split()[0])
        return 0


def _invocation(body: bytes) -> runtime_api.Invocation:
    (request_id, arn, timeout_s, _, trace, client_context, identity, tenant, _, _), payload = frames.unpack_event(body)
    deadline_ms = int((time.time() + float(timeout_s)) * 1000)
    headers = {
        "Lambda-Runtime-Aws-Request-Id": request_id,
        "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
        "Lambda-Runtime-Invoked-Function-Arn": arn,
        "Lambda-Runtime-Trace-Id": trace,
        "Lambda-Runtime-Client-Context": client_context,
        "Lambda-Runtime-Cognito-Identity": identity,
        "Lambda-Runtime-Aws-Tenant-Id": tenant,
    }
    event = {
        "eventType": "INVOKE",
        "deadlineMs": deadline_ms,
        "requestId": request_id,
        "invokedFunctionArn": arn,
        "tracing": {"type": "X-Amzn-Trace-Id", "value": trace},
    }
    return runtime_api.Invocation(request_id, headers, payload, event)


def _invalid(why: str) -> dict[str, Any]:
    return {"errorType": "Runtime.InvalidEntrypoint", "errorMessage": f"Error: {why}"}
