"""The lines Lambda writes itself, in both formats, where AWS's were recorded or documented."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from sandbox.functions.function import Logging
from sandbox.invocation.report_line import billed_ms
from sandbox.runtime.environment import InitReport, InvocationReport, LogRecord
from tests.sandbox.invocation.small_account import NOW, SmallAccount, ok, raised

DOCUMENT = {"errorMessage": "Unable to import module 'app'", "errorType": "Runtime.ImportModuleError", "requestId": ""}


@pytest.fixture
def account() -> SmallAccount:
    return SmallAccount()


def test_a_cold_and_a_warm_start(account: SmallAccount) -> None:
    """localstack/localstack test_lambda.snapshot.json, test_invocation_with_logs, 2025-11-24: trailing tab, Init only when cold.

    Billed: AWS blog of 2025-04-29, INIT is billed since 2025-08-01; fact E-01.
    """
    account.function(handler=lambda event: ok(duration_ms=3.01, logs=("{}",)))
    request_id = account.invoke().request_id
    lines = account.lines()
    assert re.fullmatch(
        r"INIT_START Runtime Version: python:3\.14\.v\d+\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}\n",
        lines[0],
    )
    assert lines[1:] == [
        f"START RequestId: {request_id} Version: $LATEST\n",
        "{}\n",
        f"END RequestId: {request_id}\n",
        (
            f"REPORT RequestId: {request_id}\tDuration: 3.01 ms\tBilled Duration: 114 ms\tMemory Size: 128 MB\t"
            "Max Memory Used: 36 MB\tInit Duration: 110.10 ms\t\n"
        ),
    ]
    request_id = account.invoke().request_id
    assert account.lines()[-1] == (
        f"REPORT RequestId: {request_id}\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\t"
        "Max Memory Used: 36 MB\t\n"
    )
    assert sum(line.startswith("INIT_START") for line in account.lines()) == 1


@pytest.mark.parametrize(
    ("duration", "init", "billed"),
    [(80.30, 488.91, 570), (84.77, 549.71, 635), (600_000.0, 476.75, 600_477), (98.71, None, 99), (3.0, None, 3), (0.1, 0.2, 1)],
)
def test_what_is_billed(duration: float, init: float | None, billed: int) -> None:
    """REPORT lines of production functions, 2026-04 … 2026-07: ceil(Duration + Init Duration)."""
    assert billed_ms(duration, init) == billed


def test_a_timeout_has_a_status_and_no_line_of_its_own(account: SmallAccount) -> None:
    """AWS docs, lambda-runtime-environment, "function timeout - new style"."""
    account.function(handler=lambda event: InvocationReport("timeout", b"", 3_000.2, 31, alive=False))
    request_id = account.invoke().request_id
    assert account.lines()[-2:] == [
        f"END RequestId: {request_id}\n",
        (
            f"REPORT RequestId: {request_id}\tDuration: 3000.00 ms\tBilled Duration: 3111 ms\tMemory Size: 128 MB"
            "\tMax Memory Used: 31 MB\tInit Duration: 110.10 ms\tStatus: timeout\n"
        ),
    ]
    assert not any("Task timed out" in line for line in account.lines())


@pytest.mark.parametrize(("kind", "error_type"), [("exit", "Runtime.ExitError"), ("out_of_memory", "Runtime.OutOfMemory")])
def test_a_crash_has_status_and_error_type(account: SmallAccount, kind: str, error_type: str) -> None:
    """AWS docs, "runtime or extension crash - new style"; Runtime.OutOfMemory: REPORT lines of 2025-07 … 2026-09."""
    report = InvocationReport(kind, b"", 133.61, 31, alive=False, exit_status="exit status 1")  # type: ignore[arg-type]
    account.function(handler=lambda event: report)
    account.invoke()
    assert account.lines()[-1].endswith(f"\tInit Duration: 110.10 ms\tStatus: error\tError Type: {error_type}\n")


def test_an_error_the_handler_raised_leaves_the_report_line_as_it_is(account: SmallAccount) -> None:
    """AWS docs: Status is added "in the case of a runtime or extension crash" only."""
    account.function(handler=lambda event: raised("ValueError", "no"))
    account.invoke()
    assert "Status" not in account.lines()[-1]


def test_a_failing_init_is_written_twice_before_start(account: SmallAccount) -> None:
    """CloudWatch lines of a python3.12 function, 2026-04-22: INIT_REPORT for both phases, one INIT_START, no Init Duration."""
    logs = (
        LogRecord(NOW, "[ERROR] Runtime.ImportModuleError: Unable to import module 'app'\nTraceback (most recent call last):"),
    )
    account.runtime.inits = [
        InitReport("error", 137.69, logs, DOCUMENT, max_memory_mb=46),
        InitReport("error", 80.49, logs, DOCUMENT, max_memory_mb=46),
    ]
    account.function(memory_mb=512)
    request_id = account.invoke().request_id
    lines = account.lines()
    assert lines[0].startswith("INIT_START ")
    assert lines[1].startswith("[ERROR] ")
    assert lines[2] == "INIT_REPORT Init Duration: 137.69 ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError\n"
    assert lines[3] == lines[1]
    assert lines[4:] == [
        "INIT_REPORT Init Duration: 80.49 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ImportModuleError\n",
        f"START RequestId: {request_id} Version: $LATEST\n",
        f"END RequestId: {request_id}\n",
        (
            f"REPORT RequestId: {request_id}\tDuration: 80.49 ms\tBilled Duration: 81 ms\tMemory Size: 512 MB\t"
            "Max Memory Used: 46 MB\tStatus: error\tError Type: Runtime.ImportModuleError\n"
        ),
    ]


def test_an_init_that_times_out_and_then_succeeds_is_part_of_the_duration(account: SmallAccount) -> None:
    """AWS docs, "suppressed init": its time is in Duration, no second INIT phase is reported."""
    account.runtime.inits = [InitReport("timeout", 10_000.0), InitReport("ok", 12_000.0)]
    account.function(timeout_s=30)
    account.invoke()
    lines = account.lines()
    assert lines[1] == "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout\n"
    assert [line.split(" ")[0] for line in lines] == ["INIT_START", "INIT_REPORT", "START", "END", "REPORT"]
    assert "\tDuration: 12001.50 ms\tBilled Duration: 12002 ms" in lines[-1]
    assert "Init Duration" not in lines[-1]


def test_provisioned_environments_report_their_init_when_it_happens(account: SmallAccount) -> None:
    """AWS docs: "SnapStart and provisioned concurrency functions always emit INIT_REPORT"."""
    account.invoker.provision(account.function().latest, 1)
    assert account.lines()[1] == "INIT_REPORT Init Duration: 110.10 ms\tPhase: init\tStatus: success\n"
    account.invoke()
    assert "Init Duration" not in account.lines()[-1]


def test_one_stream_per_environment_named_after_day_version_and_instance(account: SmallAccount) -> None:
    """Recorded: yyyy/mm/dd/[$LATEST]<32 hex>."""
    account.function()
    account.invoke()
    account.invoke()
    (stream,) = account.streams()
    assert re.fullmatch(r"2027/01/15/\[\$LATEST\][0-9a-f]{32}", stream)


def _json_account(system_level: str) -> list[dict[str, object]]:
    account = SmallAccount()
    logging = Logging("JSON", "INFO", system_level)
    account.function(handler=lambda event: ok({"a": 1}, duration_ms=11.642, memory_mb=67), logging=logging)
    account.invoke(request_id="r-1")
    return [json.loads(line) for line in account.lines()]


def test_json_records_at_level_info(account: SmallAccount) -> None:
    """AWS docs, "JSON format for system logs" and "System log level event mapping"; order as recorded 2026-07."""
    init, start, report = _json_account("INFO")
    assert list(init) == ["time", "type", "record"]
    assert init["type"] == "platform.initStart"
    assert init["record"]["initializationType"] == "on-demand"  # type: ignore[index]
    assert start == {
        "time": "2027-01-15T08:00:00.000Z",
        "type": "platform.start",
        "record": {"requestId": "r-1", "version": "$LATEST"},
    }
    assert json.dumps(report["record"]) == (
        '{"requestId": "r-1", "metrics": {"durationMs": 11.642, "billedDurationMs": 122, "memorySizeMB": 128, '
        '"maxMemoryUsedMB": 67, "initDurationMs": 110.1}, "status": "success"}'
    )


def test_json_records_at_level_debug_and_warn(account: SmallAccount) -> None:
    """Same page: initRuntimeDone, on-demand initReport and runtimeDone are DEBUG; nothing of a success is WARN."""
    kinds = [str(line["type"]).removeprefix("platform.") for line in _json_account("DEBUG")]
    assert kinds == ["initStart", "initRuntimeDone", "initReport", "start", "runtimeDone", "report"]
    assert _json_account("WARN") == []


def test_json_failures_pass_the_level_warn(account: SmallAccount) -> None:
    """Same page: report and runtimeDone with status != success are WARN."""
    report = InvocationReport("timeout", b"", 5_001.2, 94, alive=False)
    account.function(handler=lambda event: report, logging=Logging("JSON", "INFO", "WARN"), timeout_s=5)
    account.invoke()
    done, ended = (json.loads(line) for line in account.lines())
    assert (done["type"], done["record"]["status"]) == ("platform.runtimeDone", "timeout")
    assert (ended["type"], ended["record"]["metrics"]["durationMs"]) == ("platform.report", 5_000.0)


def test_a_custom_log_group_is_used(account: SmallAccount) -> None:
    """AWS docs: LoggingConfig.LogGroup; several functions may share it, the stream name then stays per environment."""
    record = account.function()
    record.latest = replace(record.latest, logging=Logging(log_group="/team/app"))
    account.invoke()
    assert [group for _, _, group in account.sink.groups] == ["/team/app"]
    assert account.runtime.specs[0].variables["AWS_LAMBDA_LOG_GROUP_NAME"] == "/team/app"


def test_an_init_that_exits_twice_is_an_exit_error(account: SmallAccount) -> None:
    """CloudWatch lines quoted for a crash in INIT: Error Type Runtime.ExitError in both INIT_REPORTs and in REPORT."""
    account.runtime.inits = [
        InitReport("exit", 20.0, exit_status="exit status 1"),
        InitReport("exit", 10.0, exit_status="exit status 1"),
    ]
    account.function()
    answer = account.invoke()
    assert json.loads(answer.payload)["errorMessage"].endswith("Error: Runtime exited with error: exit status 1")
    assert [line.endswith("\tStatus: error\tError Type: Runtime.ExitError\n") for line in account.lines()] == [
        False, True, True, False, False, True,
    ]  # fmt: skip


def test_an_init_that_never_ends_uses_up_the_functions_timeout(account: SmallAccount) -> None:
    """Quoted lines: INIT_REPORT … Phase: invoke … Status: timeout, then REPORT with the timeout as Duration."""
    account.runtime.inits = [InitReport("timeout", 10_000.0), InitReport("timeout", 3_000.0)]
    account.function()
    answer = account.invoke()
    assert answer.error_type == "Sandbox.Timedout"
    assert "Task timed out after 3.00 seconds" in answer.payload.decode()
    lines = account.lines()
    assert lines[2] == "INIT_REPORT Init Duration: 3000.00 ms\tPhase: invoke\tStatus: timeout\n"
    assert "\tDuration: 3000.00 ms\tBilled Duration: 3000 ms" in lines[-1]
    assert lines[-1].endswith("\tStatus: timeout\n")
