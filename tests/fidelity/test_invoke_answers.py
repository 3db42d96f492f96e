"""What Invoke answers, member by member, where AWS's own answer was recorded or quoted."""

from __future__ import annotations

import json

import pytest

from sandbox.runtime.environment import InitReport, InvocationReport
from tests.sandbox.invocation.small_account import Later, SmallAccount, ok


@pytest.fixture
def account() -> SmallAccount:
    return SmallAccount()


def _crash(account: SmallAccount, kind: str, exit_status: str = "", timeout_s: int = 3) -> tuple[str, str]:
    report = InvocationReport(kind, b"", 1_000.4, 40, alive=False, exit_status=exit_status)  # type: ignore[arg-type]
    account.function(handler=lambda event: report, timeout_s=timeout_s)
    answer = account.invoke()
    assert (answer.status, answer.function_error) == (200, "Unhandled")
    return answer.request_id, answer.payload.decode()


def test_a_timeout(account: SmallAccount) -> None:
    """localstack/localstack tests/aws/services/lambda_/test_lambda.snapshot.json, test_lambda_invoke_with_timeout, 2025-11-25."""
    request_id, payload = _crash(account, "timeout", timeout_s=1)
    message = f"RequestId: {request_id} Error: Task timed out after 1.00 seconds"
    assert payload == f'{{"errorType":"Sandbox.Timedout","errorMessage":"{message}"}}'


def test_an_exit_without_status(account: SmallAccount) -> None:
    """AWS docs, lambda-runtime-environment, "runtime or extension crash"; recorded type Runtime.ExitError."""
    request_id, payload = _crash(account, "exit", "exit status 0")
    message = f"RequestId: {request_id} Error: Runtime exited without providing a reason"
    assert payload == f'{{"errorType":"Runtime.ExitError","errorMessage":"{message}"}}'


def test_an_exit_with_a_status(account: SmallAccount) -> None:
    """localstack/localstack test_lambda_runtimes snapshots: "Runtime exited with error: exit status 127"."""
    request_id, payload = _crash(account, "exit", "exit status 127")
    assert json.loads(payload)["errorMessage"] == f"RequestId: {request_id} Error: Runtime exited with error: exit status 127"


def test_out_of_memory(account: SmallAccount) -> None:
    """Response quoted in adobe/helix-html2md-service issue 1001 (2026-07); the type also in REPORT lines of 2025 and 2026."""
    request_id, payload = _crash(account, "out_of_memory", "signal: killed")
    message = f"RequestId: {request_id} Error: Runtime exited with error: signal: killed"
    assert payload == f'{{"errorType":"Runtime.OutOfMemory","errorMessage":"{message}"}}'


def test_a_response_above_6291556_bytes(account: SmallAccount) -> None:
    """moto/localstack recordings of a real answer: errorMessage first, both sides of the border."""
    account.function(handler=lambda event: InvocationReport("ok", b'"' + b"x" * 6_291_554 + b'"', 1.0, 30))
    assert account.invoke().function_error == ""
    account.function(handler=lambda event: InvocationReport("ok", b'"' + b"x" * 6_291_555 + b'"', 1.0, 30))
    answer = account.invoke()
    assert answer.function_error == "Unhandled"
    assert answer.payload == (
        b'{"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).",'
        b'"errorType":"Function.ResponseSizeTooLarge"}'
    )


@pytest.mark.parametrize(("kind", "limit"), [("RequestResponse", 6_291_456), ("Event", 1_048_576)])
def test_a_request_that_is_too_large(account: SmallAccount, kind: str, limit: int) -> None:
    """413 on the wire as users quote it (2025/26): RequestEntityTooLargeException; limits: botocore Invoke documentation."""
    account.function()
    fits = b'"' + b"x" * (limit - 2) + b'"'
    assert account.start(payload=fits, invocation_type=kind)
    error = account.refused(payload=fits + b" ", invocation_type=kind)
    assert (error.code, error.status, error.fields) == ("RequestEntityTooLargeException", 413, {})
    assert error.message == f"Request must be smaller than {limit} bytes for the InvokeFunction operation"


@pytest.mark.parametrize("kind", ["RequestResponse", "Event"])
@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\xa7", "Invalid UTF-8 start byte 0xa7"),
        (b"hello", "Unrecognized token 'hello': was expecting (JSON String, Number, Array, Object or token 'null'"),
        (b"{'a': 1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name"),
        (b'{"a": 1', "Unexpected end-of-input"),
        (b"NaN", "Non-standard token 'NaN'"),
        (b"[" * 100_000, ""),
    ],
)
def test_a_payload_that_is_no_json(account: SmallAccount, kind: str, payload: bytes, reason: str) -> None:
    """localstack/localstack snapshots for the frame of the message; quoted errors (2024-26) for the reasons."""
    account.function()
    error = account.refused(payload=payload, invocation_type=kind)
    assert (error.code, error.status, error.fields) == ("InvalidRequestContentException", 400, {"Type": "User"})
    frame = "Could not parse request body into json: Could not parse payload into json: "
    assert error.message is not None
    assert error.message.startswith(frame + reason)


def test_a_throttle(account: SmallAccount) -> None:
    """localstack/localstack test_lambda.snapshot.json, reserved concurrency: 429 with Reason and Type."""
    account.function().reserved = 0
    error = account.refused()
    assert (error.code, error.status, error.message) == ("TooManyRequestsException", 429, "Rate Exceeded.")
    assert error.fields == {"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded", "Type": "User"}


def test_an_invoke_while_pending(account: SmallAccount) -> None:
    """localstack/localstack, test of function states: 409 ResourceConflictException, this sentence."""
    account.function(state="Pending")
    error = account.refused()
    assert (error.code, error.status) == ("ResourceConflictException", 409)
    assert error.message == (
        "The operation cannot be performed at this time. The function is currently in the following state: Pending"
    )


def test_an_import_error_keeps_its_empty_request_id(account: SmallAccount) -> None:
    """Recorded answers of 2025-11: an INIT failure's document has requestId ""."""
    document = {"errorMessage": "Unable to import module 'app': …", "errorType": "Runtime.ImportModuleError", "requestId": ""}
    account.runtime.inits = [InitReport("error", 137.69, error=document), InitReport("error", 80.49, error=document)]
    account.function()
    answer = account.invoke()
    assert (answer.status, answer.function_error, answer.error_type) == (200, "Unhandled", "Runtime.ImportModuleError")
    assert json.loads(answer.payload) == document


def test_an_event_is_a_202_without_payload_or_version(account: SmallAccount) -> None:
    """Recorded: 202, empty payload, no ExecutedVersion."""
    account.function()
    (answer,) = account.start(invocation_type="Event")
    assert (answer.status, answer.payload, answer.executed_version) == (202, b"", "")  # type: ignore[union-attr]


def test_a_timeout_is_reported_as_exactly_the_timeout(account: SmallAccount) -> None:
    """REPORT lines of 2025-26: "Duration: 3000.00 ms", whatever stopping the environment took."""
    account.function(handler=lambda event: Later(3.0, InvocationReport("timeout", b"", 3_016.8, 31, alive=False)))
    account.invoke()
    assert "Duration: 3000.00 ms" in account.lines()[-1]
    assert account.points("Duration", FunctionName="hello")[0].max == 3_000.0


def test_a_result_of_none_is_null(account: SmallAccount) -> None:
    """The recorded echo: a null result is the text ``null``."""
    account.function(handler=lambda event: ok(None))
    assert account.invoke().payload == b"null"
