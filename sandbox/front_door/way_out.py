"""Calls of functions in a VPC: which way they take, and what becomes of those that have none.

Such a call is not refused: its packets are dropped, and the client waits (re:Post, "How do I troubleshoot retry and timeout
issues with Lambda functions and AWS SDKs"; boto3's default is 60 s for a connection). It never reaches AWS, so it is in no
record of calls; the timeline shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.arn import Arn
from sandbox.front_door.causes import Causes
from sandbox.front_door.passage import Passage
from sandbox.http_message import HttpResponse
from sandbox.network.way import Way, host, way
from sandbox.worker.unanswered import HOST, PASSED_S, STILL_S, WAITS_S

if TYPE_CHECKING:
    from sandbox.front_door.gate import Rooms

_LONGEST_S = 900.0  # no function runs longer


def set_out(rooms: Rooms, causes: Causes, passage: Passage, service: str = "") -> bool:
    """Whether the call arrives, to an AWS service or, without one, over the internet. If not, this has seen to it."""
    principal = passage.principal
    if principal.place is None:
        return True
    home = Arn.parse(principal.source_function_arn).region
    subnet = principal.place.subnet_of(principal.access_key_id)
    found = way(rooms.ground(principal.account_id, home), principal.place, subnet, home, service, passage.region)
    passage.way = found
    if found.stopped:
        _strand(rooms, causes, passage, found)
    return not found.stopped


def _strand(rooms: Rooms, causes: Causes, passage: Passage, found: Way) -> None:
    request, principal = passage.request, passage.principal
    name = principal.source_function_arn.rpartition(":")[2]
    title = f"{passage.service}:{passage.operation} of {name} gets no answer: {found.stopped}"
    rooms.timeline.add("network", title, cause=causes.of(request.header("x-amzn-trace-id")), principal=principal.arn)
    given = request.header(WAITS_S)
    waits_s = min(float(given), _LONGEST_S) if given.replace(".", "", 1).isdigit() else _LONGEST_S
    told = [(HOST, host(passage.service, passage.region))]
    if rooms.spend(principal.access_key_id, waits_s):
        passage.respond(HttpResponse(504, [*told, (STILL_S, "0"), (PASSED_S, f"{waits_s:g}")]))
    elif given:
        passage.respond(HttpResponse(504, [*told, (STILL_S, f"{waits_s:g}")]))
    else:  # a client that knows nothing of this: its function ends before the answer is there
        rooms.clock.call_later(waits_s, lambda: passage.respond(HttpResponse(504, [])), "a call without a way", background=True)
