"""Lambda's own records in LogFormat JSON: ``time``, ``type`` and ``record``, filtered by the system log level.

Shapes: AWS docs, "Telemetry API Event schema reference"; member order as in lines recorded 2026-07. Levels: AWS docs, "System log
level event mapping". Not recorded anywhere we know: that an error raised by the handler has the status ``error`` here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from json import dumps
from typing import Any

from sandbox.functions.function import FunctionVersion
from sandbox.invocation.report_line import Figures, Phase, Status, runtime_version
from sandbox.telemetry.logs import Record

_LEVELS = {"DEBUG": 10, "INFO": 20, "WARN": 30}
DEBUG, INFO, WARN = _LEVELS.values()


class JsonLog:
    __slots__ = ("_arn", "_level", "_memory_mb", "_name", "_runtime", "_version")

    def __init__(self, version: FunctionVersion) -> None:
        self._level = _LEVELS.get(version.logging.system_level or "INFO", INFO)
        self._runtime, self._arn = runtime_version(version)
        self._name = version.name
        self._version = version.version
        self._memory_mb = version.memory_mb

    def init_start(self, out: list[Record], at_ms: int, *, provisioned: bool) -> None:
        record = {
            "initializationType": _kind(provisioned),
            "phase": "init",
            "runtimeVersion": self._runtime,
            "runtimeVersionArn": self._arn,
            "functionName": self._name,
            "functionVersion": self._version,
        }
        self._add(out, at_ms, INFO, "initStart", record)

    def init_end(
        self,
        out: list[Record],
        at_ms: int,
        phase: Phase,
        status: Status,
        error_type: str,
        duration_ms: float,
        *,
        provisioned: bool,
    ) -> None:
        head: dict[str, Any] = {"initializationType": _kind(provisioned), "phase": phase, "status": status}
        if error_type and status == "error":
            head["errorType"] = error_type
        failed = status != "success"
        self._add(out, at_ms, WARN if failed else DEBUG, "initRuntimeDone", head)
        level = WARN if failed else INFO if provisioned else DEBUG
        self._add(out, at_ms, level, "initReport", {**head, "metrics": {"durationMs": round(duration_ms, 3)}})

    def start(self, out: list[Record], at_ms: int, request_id: str) -> None:
        self._add(out, at_ms, INFO, "start", {"requestId": request_id, "version": self._version})

    def end(self, out: list[Record], at_ms: int, request_id: str, figures: Figures) -> None:
        failed = figures.status != "success"
        done: dict[str, Any] = {"requestId": request_id, "status": figures.status}
        if figures.error_type:
            done["errorType"] = figures.error_type
        duration = round(figures.duration_ms, 3)
        done["metrics"] = {"durationMs": duration, "producedBytes": figures.produced_bytes}
        self._add(out, at_ms, WARN if failed else DEBUG, "runtimeDone", done)
        metrics: dict[str, Any] = {
            "durationMs": duration,
            "billedDurationMs": figures.billed_ms,
            "memorySizeMB": self._memory_mb,
            "maxMemoryUsedMB": figures.max_memory_mb,
        }
        if figures.init_ms is not None:
            metrics["initDurationMs"] = round(figures.init_ms, 3)
        report: dict[str, Any] = {"requestId": request_id, "metrics": metrics, "status": figures.status}
        if figures.error_type:
            report["errorType"] = figures.error_type
        if figures.span is not None:
            value = f"Root={figures.span.trace_id};Parent={figures.span.service_id};Sampled=1"
            report["tracing"] = {"spanId": figures.span.function_id, "type": "X-Amzn-Trace-Id", "value": value}
        self._add(out, at_ms, WARN if failed else INFO, "report", report)

    def _add(self, out: list[Record], at_ms: int, level: int, kind: str, record: dict[str, Any]) -> None:
        if level >= self._level:
            text = f'{{"time":"{timestamp(at_ms)}","type":"platform.{kind}","record":{dumps(record, separators=(",", ":"))}}}'
            out.append((at_ms, text))


def timestamp(at_ms: int) -> str:
    """``2024-03-13T18:56:24.046Z``."""
    return f"{_second(at_ms // 1000)}{at_ms % 1000:03d}Z"


@lru_cache(maxsize=64)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S.")


def _kind(provisioned: bool) -> str:
    return "provisioned-concurrency" if provisioned else "on-demand"
