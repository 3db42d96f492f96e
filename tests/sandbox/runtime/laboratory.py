"""Functions made and called on either runtime, as the account would."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.clock import Clock
from sandbox.runtime.environment import EnvironmentSpec, Event, InitReport, InvocationReport
from sandbox.runtime.inline import InlineRuntime
from sandbox.runtime.package import PackageStore, read_package

VARIABLES = {
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/probe",
    "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/20/[$LATEST]0123",
}
ARN = "arn:aws:lambda:us-east-1:123456789012:function:probe"


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


class Function:
    def __init__(self, laboratory: Laboratory, spec: EnvironmentSpec) -> None:
        self._laboratory = laboratory
        self.spec = spec
        reports: list[InitReport] = []
        self.environment = laboratory.runtime.start(spec, reports.append)
        laboratory.until(lambda: reports)
        self.init = reports[0]

    def call(
        self, payload: Any = None, *, request_id: str = "request-1", timeout_s: float | None = None, **more: Any
    ) -> InvocationReport:
        reports: list[InvocationReport] = []
        timeout_s = self.spec.timeout_s if timeout_s is None else timeout_s
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        chunk = more.pop("chunk", None)
        event = Event(request_id, body, ARN, 0, timeout_s, **more)
        self.environment.invoke(event, reports.append, chunk)
        self._laboratory.until(lambda: reports)
        return reports[0]

    def answer(self, payload: Any = None, **more: Any) -> Any:
        report = self.call(payload, **more)
        assert report.kind == "ok", (report.payload, [record.text for record in report.logs])
        return json.loads(report.payload)


class Laboratory:
    """One runtime of either kind, and a store for packages."""

    def __init__(self, kind: str, root: Path, *, virtual: bool = False, **more: Any) -> None:
        self.kind = kind
        self.loop: Any = None if kind == "inline" else asyncio.new_event_loop()
        self.clock = Clock(virtual=virtual, start=1_800_000_000.0 if virtual else None)
        self.store = PackageStore(root / "store")
        self.runtime: Any
        if kind == "inline":
            self.runtime = InlineRuntime(self.clock, root=root / "inline", **more)
        else:
            from sandbox.runtime.process import ProcessRuntime  # absent in a browser

            self.runtime = ProcessRuntime(
                self.loop, clock=self.clock, scratch=root, isolation="paths" if kind == "paths" else "auto", **more
            )

    def until(self, condition: Any, *, within_s: float = 20.0) -> None:
        async def wait() -> None:
            end = self.loop.time() + within_s
            while not condition():
                assert self.loop.time() < end, "nothing came"
                await asyncio.sleep(0.0005)

        if not condition():
            self.loop.run_until_complete(wait())

    def directory(self, files: Mapping[str, str | bytes]) -> Path:
        return self.store.directory(read_package(zipped(files)))

    def spec(self, code: str | Mapping[str, str | bytes], **fields: Any) -> EnvironmentSpec:
        files = {"app.py": code} if isinstance(code, str) else code
        variables = {**VARIABLES, **fields.pop("variables", {})}
        layers = tuple(self.directory(layer) for layer in fields.pop("layers", ()))
        known: dict[str, Any] = {
            "environment_id": "e",
            "function_arn": ARN,
            "function_name": "probe",
            "version": "$LATEST",
            "runtime": "python3.13",
            "handler": "app.handler",
            "memory_mb": 128,
            "timeout_s": 3,
            "tmp_mb": 512,
        }
        return EnvironmentSpec(**{**known, **fields}, variables=variables, code_dir=self.directory(files), layer_dirs=layers)

    def function(self, code: str | Mapping[str, str | bytes], **fields: Any) -> Function:
        return Function(self, self.spec(code, **fields))

    def close(self) -> None:
        self.runtime.close()
        if self.loop is not None:
            self.loop.close()
