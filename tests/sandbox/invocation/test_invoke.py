from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sandbox.errors import AwsError
from sandbox.invocation.call import Answer
from sandbox.runtime.environment import InitReport, InvocationReport
from tests.sandbox.invocation.small_account import NOW, Later, SmallAccount, ok, raised


@pytest.fixture
def account() -> SmallAccount:
    return SmallAccount()


def test_the_handlers_result_is_the_payload_and_the_version_is_told(account: SmallAccount) -> None:
    account.function()
    answer = account.invoke(payload=b'{"a": 1}')
    assert (answer.status, answer.payload, answer.function_error, answer.executed_version) == (200, b'{"n": 1}', "", "$LATEST")
    assert account.runtime.events[0].payload == b'{"a": 1}'
    assert account.runtime.events[0].request_id == answer.request_id


def test_an_empty_payload_reaches_the_handler_as_an_empty_object(account: SmallAccount) -> None:
    account.function()
    account.invoke(payload=b"")
    assert account.runtime.events[0].payload == b"{}"


def test_the_deadline_is_the_timeout_from_now(account: SmallAccount) -> None:
    account.function(timeout_s=7)
    account.invoke()
    assert account.runtime.events[0].deadline_ms == int((NOW + 7) * 1000)


def test_a_warm_environment_is_used_again(account: SmallAccount) -> None:
    account.function()
    account.invoke()
    account.invoke()
    assert len(account.runtime.specs) == 1


def test_an_unknown_function_is_a_404_with_its_arn(account: SmallAccount) -> None:
    error = account.refused("nobody")
    assert (error.code, error.status) == ("ResourceNotFoundException", 404)
    assert error.message == "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody:$LATEST"


def test_a_dry_run_runs_nothing(account: SmallAccount) -> None:
    account.function()
    answer = account.invoke(invocation_type="DryRun")
    assert (answer.status, answer.payload) == (204, b"")
    assert account.runtime.events == []


def test_a_dry_run_of_an_unknown_function_is_refused(account: SmallAccount) -> None:
    assert account.refused("nobody", invocation_type="DryRun").status == 404


def test_a_function_that_is_not_active_cannot_be_invoked(account: SmallAccount) -> None:
    account.function(state="Failed")
    assert account.refused().code == "ResourceConflictException"


def test_a_role_that_is_gone_refuses_the_call_and_frees_its_place(account: SmallAccount) -> None:
    account.function(role="arn:aws:iam::123456789012:role/gone")
    assert account.refused().code == "InvalidParameterValueException"
    assert account.invoker.busy == 0
    assert account.points("Invocations", FunctionName="hello") == []


def test_an_error_keeps_the_environment_and_is_unhandled(account: SmallAccount) -> None:
    account.function(handler=lambda event: raised("KeyError", "'x'"))
    answer = account.invoke()
    assert (answer.status, answer.function_error, answer.error_type) == (200, "Unhandled", "KeyError")
    assert json.loads(answer.payload)["errorMessage"] == "'x'"
    account.invoke()
    assert len(account.runtime.specs) == 1


def test_a_dead_environment_is_not_used_again(account: SmallAccount) -> None:
    account.function(handler=lambda event: InvocationReport("exit", b"", 3.0, 40, alive=False, exit_status="exit status 1"))
    account.invoke()
    account.invoke()
    assert len(account.runtime.specs) == 2


def test_reserved_concurrency_throttles_the_one_too_many(account: SmallAccount) -> None:
    record = account.function(handler=lambda event: Later(1.0, ok()))
    record.reserved = 1
    running = account.start()
    error = account.refused()
    assert (error.code, error.status, error.fields["Reason"]) == (
        "TooManyRequestsException",
        429,
        "ReservedFunctionConcurrentInvocationLimitExceeded",
    )
    account.settle()
    assert isinstance(running[0], Answer)
    assert account.start()[:1] == []  # a place is free again


def test_reserved_zero_switches_a_function_off(account: SmallAccount) -> None:
    account.function().reserved = 0
    assert account.refused().status == 429
    assert account.total("Throttles", FunctionName="hello") == 1
    assert account.points("Invocations", FunctionName="hello") == []


def test_the_unreserved_pool_is_what_the_others_left(account: SmallAccount) -> None:
    account.function("greedy").reserved = 900
    account.function(handler=lambda event: Later(1.0, ok()))
    for _ in range(100):
        account.start()
    error = account.refused()
    assert error.fields["Reason"] == "ConcurrentInvocationLimitExceeded"
    assert account.invoke("greedy").status == 200
    account.settle()
    assert account.invoker.busy == 0
    assert all(account.start() == [] for _ in range(100))  # the places are free again


def test_the_request_rate_is_ten_a_second_per_unit_of_concurrency_when_enforced() -> None:
    account = SmallAccount(request_rate_limited=True)
    account.function().reserved = 1
    for _ in range(10):
        assert account.invoke().status == 200
    assert account.refused().fields["Reason"] == "ReservedFunctionInvocationRateLimitExceeded"
    account.clock.move_to(NOW + 1)
    assert account.invoke().status == 200


def test_the_log_tail_is_the_last_four_kilobytes_of_this_invocation(account: SmallAccount) -> None:
    account.function(handler=lambda event: ok(logs=("x" * 5_000,)))
    tail = account.invoke(log_tail=True).log_tail
    assert len(tail) == 4_096
    assert tail.startswith(b"x")
    assert tail.rstrip().split(b"\n")[-1].startswith(b"REPORT RequestId: ")
    assert account.invoke().log_tail == b""


def test_a_streamed_response_goes_out_in_pieces_and_the_answer_comes_last(account: SmallAccount) -> None:
    seen: list[object] = []

    def handler(event: object) -> InvocationReport:
        assert account.runtime.chunk is not None
        account.runtime.chunk(b"a")
        account.runtime.chunk(b"b")
        return InvocationReport("ok", b"", 1.0, 30)

    account.function(handler=handler)
    account.invoker.invoke(account.call(stream=True), seen.append, seen.append)
    assert seen[:2] == [b"a", b"b"]
    assert isinstance(seen[2], Answer)
    assert account.runtime.events[0].stream


def test_an_ordinary_result_is_streamed_as_one_piece(account: SmallAccount) -> None:
    account.function()
    seen: list[object] = []
    account.invoker.invoke(account.call(stream=True), seen.append, seen.append)
    assert seen[0] == b'{"n": 1}'


def test_a_stream_is_cut_at_its_limit_and_reported(account: SmallAccount) -> None:
    account = SmallAccount(stream_bytes_max=10)

    def handler(event: object) -> InvocationReport:
        assert account.runtime.chunk is not None
        account.runtime.chunk(b"12345678")
        account.runtime.chunk(b"12345678")
        return InvocationReport("ok", b"", 1.0, 30)

    account.function(handler=handler)
    seen: list[object] = []
    account.invoker.invoke(account.call(stream=True), seen.append, seen.append)
    assert seen[0] == b"12345678"
    assert isinstance(seen[1], Answer)
    assert seen[1].error_type == "Function.ResponseSizeTooLarge"


def test_provisioned_environments_are_used_and_spillover_is_counted(account: SmallAccount) -> None:
    record = account.function(handler=lambda event: Later(1.0, ok()))
    account.registry.provisioned = lambda version: 1  # type: ignore[method-assign]
    account.invoker.provision(record.latest, 1)
    assert account.lines()[0].startswith("INIT_START ")
    first, second = account.start(), account.start()
    account.settle()
    assert isinstance(first[0], Answer)
    assert isinstance(second[0], Answer)
    assert account.total("ProvisionedConcurrencyInvocations", FunctionName="hello") == 1
    assert account.total("ProvisionedConcurrencySpilloverInvocations", FunctionName="hello") == 1
    assert account.runtime.specs[0].variables["AWS_LAMBDA_INITIALIZATION_TYPE"] == "provisioned-concurrency"
    assert account.runtime.specs[0].init_timeout_s == 130.0


def test_an_alias_is_told_in_the_arn_and_its_version_in_the_answer(account: SmallAccount) -> None:
    record = account.function()
    record.published["1"] = replace(record.latest, version="1")
    account.alias(record, "live", "1")
    answer = account.invoke(qualifier="live")
    assert answer.executed_version == "1"
    assert account.runtime.events[0].invoked_function_arn.endswith(":function:hello:live")
    assert account.total("Invocations", FunctionName="hello", Resource="hello:live") == 1
    assert account.total("Invocations", FunctionName="hello", Resource="hello:live", ExecutedVersion="1") == 1


def test_idle_is_announced_when_the_last_one_ends(account: SmallAccount) -> None:
    account.function(handler=lambda event: Later(1.0, ok()))
    calm: list[int] = []
    account.invoker.on_idle(lambda: calm.append(account.invoker.busy))
    account.start()
    account.start()
    assert calm == []
    account.settle()
    assert calm == [0]


def test_an_invocation_and_its_end_are_on_the_timeline_with_their_cause(account: SmallAccount) -> None:
    account.function()
    account.invoke(cause=account.timeline.add("call", "Invoke"))
    kinds = [entry.kind for entry in account.timeline.chain(account.timeline.total)]
    assert kinds == ["call", "invoke", "success"]


@pytest.mark.parametrize("reset", [True, False])
def test_after_the_metrics_were_forgotten_new_ones_are_kept(account: SmallAccount, reset: bool) -> None:
    account.function()
    account.invoke()
    account.metrics.clear()
    if reset:
        account.invoker.reset()
    account.invoke()
    assert account.total("Invocations", FunctionName="hello") == 1


def test_what_ends_after_a_reset_is_answered_and_leaves_nothing_behind(account: SmallAccount) -> None:
    account.function(handler=lambda event: Later(1.0, ok()))
    answers = account.start()
    account.invoker.reset()
    account.metrics.clear()
    account.timeline.clear()
    calm: list[bool] = []
    account.invoker.on_idle(lambda: calm.append(True))
    account.settle()
    assert isinstance(answers[0], Answer)
    assert (account.invoker.busy, account.lines(), len(account.timeline), calm) == (0, [], 0, [])
    account.invoke()
    assert calm == [True]


def test_an_init_that_times_out_is_repeated_inside_the_invocation(account: SmallAccount) -> None:
    account.function(timeout_s=30)
    account.runtime.inits = [InitReport("timeout", 10_000.0), InitReport("ok", 12_000.0)]
    assert account.invoke().function_error == ""
    first, second = account.runtime.specs
    assert (first.init_timeout_s, second.init_timeout_s) == (10.0, 30.0)
    assert first.environment_id != second.environment_id
    assert account.runtime.events[0].timeout_s == 18.0
    assert len(account.streams()) == 1


def test_without_a_queue_an_event_is_refused_not_lost(account: SmallAccount) -> None:
    account.function()
    account.invoker.accept_event = None
    (answer,) = account.start(invocation_type="Event")
    assert isinstance(answer, AwsError)
    assert answer.status == 500
