"""Event source mappings that work: their readers, what wakes them, and what CreateEventSourceMapping is refused for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.control_plane.message_moves import MessageMoves
from sandbox.control_plane.source_arrivals import SourceArrivals
from sandbox.control_plane.source_state import SourceState
from sandbox.control_plane.stream_iterators import StreamReads
from sandbox.control_plane.unruly_queues import UnrulyQueues
from sandbox.triggers.pollers import Pollers
from sandbox.triggers.source import Surroundings

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_pollers(account: Account) -> None:
    services = account.plane.services
    StreamReads(services)
    UnrulyQueues(services, account.faults)  # before the pollers hear of a call
    around = Surroundings(
        messenger=account.errands,
        invoke=account.invoker.invoke,
        clock=account.clock,
        ids=account.ids,
        timeline=account.timeline,
        metrics=account.metrics,
        functions=account.registry,
        sources=SourceState(account.plane.world),
        faults=account.faults,
    )
    pollers = Pollers(around)
    SourceArrivals(services, pollers.wake, pollers.resharded)
    moves = MessageMoves(services, lambda account_id, region, name, cause: pollers.wake("sqs", account_id, region, {name}, cause))
    account.on_reset.append(moves.clear)
    account.registry.on_mapping(pollers.hear)
    account.ledgers.append(pollers.balance)
    account.on_reset.append(pollers.clear)
