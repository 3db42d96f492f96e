from __future__ import annotations

import pytest

from sandbox.functions.constraints import lambda_constraints

INVOKING = {"Invoke", "InvokeAsync", "InvokeWithResponseStream"}
LEFT_OUT = {
    "CheckpointDurableExecution",
    "CreateCapacityProvider",
    "DeleteCapacityProvider",
    "DeleteDurableExecution",
    "GetCapacityProvider",
    "GetDurableExecution",
    "GetDurableExecutionHistory",
    "GetDurableExecutionState",
    "GetFunctionScalingConfig",
    "ListCapacityProviders",
    "ListDurableExecutionsByFunction",
    "ListFunctionVersionsByCapacityProvider",
    "PauseDurableExecution",
    "PutFunctionScalingConfig",
    "ResumeDurableExecution",
    "SendDurableExecutionCallbackFailure",
    "SendDurableExecutionCallbackHeartbeat",
    "SendDurableExecutionCallbackSuccess",
    "StopDurableExecution",
    "UpdateCapacityProvider",
}


def test_every_operation_of_the_model_is_answered_or_knowingly_left_out(lab):
    assert lab.api.operations | INVOKING | LEFT_OUT == lambda_constraints().operations
    assert not lab.api.operations & (INVOKING | LEFT_OUT)


@pytest.mark.parametrize("operation", sorted(LEFT_OUT))
def test_what_is_left_out_says_so_by_name(lab, operation):
    error = lab.refused(operation)
    assert (error.code, error.status) == ("NotImplemented", 501)
    assert operation in error.message


def test_transitional_states_end_before_the_next_call(lab):
    assert lab.create()["State"] == "Pending"
    assert lab.call("GetFunctionConfiguration", FunctionName="hello")["State"] == "Active"
