"""What may be reserved and provisioned without starving the rest of the account (fact Q-19)."""

from __future__ import annotations

from sandbox import facts
from sandbox.functions import refusals
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.region import Region


def check_reservation(region: Region, record: FunctionRecord, wanted: int) -> None:
    """Recorded: test_lambda_api, TestLambdaReservedConcurrency (the odd spacing of the second text is AWS's)."""
    floor = facts.default("unreserved_concurrency_min")
    if region.unreserved(without=record.name) - wanted < floor:
        raise refusals.invalid(
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            f"below its minimum value of [{floor}]."
        )
    ready = sum(config.requested for config in record.provisioned.values())
    if ready > wanted:
        raise refusals.invalid(
            f" ReservedConcurrentExecutions  {wanted} should not be lower than "
            f"function's total provisioned concurrency [{ready}]."
        )


def check_provision(region: Region, record: FunctionRecord, qualifier: str, wanted: int) -> None:
    """A reservation bounds the function's own environments; without one they come out of the account's."""
    others = sum(config.requested for key, config in record.provisioned.items() if key != qualifier)
    if record.reserved is not None:
        if others + wanted > record.reserved:
            raise refusals.invalid(
                "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function"
            )
        return
    whole, floor = facts.default("account_concurrency"), facts.default("unreserved_concurrency_min")
    if wanted > whole:
        raise refusals.invalid(
            f"Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [{whole}]."
        )
    if region.unreserved(without=record.name) - others - wanted < floor:
        raise refusals.invalid(
            "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            f"below its minimum value of [{floor}]."
        )
