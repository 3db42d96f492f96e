"""SQS without blocking: long polling waits on the account's clock, and queue URLs lead back to the endpoint the caller used."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sandbox.clock import Timer
from sandbox.control_plane.wire import ParsedCall, with_body
from sandbox.http_message import HttpRequest, HttpResponse, Respond

if TYPE_CHECKING:
    from sandbox.control_plane.services import Services
    from sandbox.iam.principal import Principal

POLL_INTERVAL_S = 0.5  # for messages that arrive by other ways (SNS, events) or become visible again
_WAIT_MAX_S = 20
_QUEUE_HOST = re.compile(rb"https://sqs\.[a-z0-9-]+\.amazonaws\.com(?=/\d{12}/)")
_ARRIVALS = {"SendMessage", "SendMessageBatch", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch"}
_QUEUE_URL = re.compile(r"/(\d{12})/[^/]+$")
# Operations of which the API reference does not say "Cross-account permissions don't apply to this action".
_BETWEEN_ACCOUNTS = {
    *("SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch", "PurgeQueue"),
    *("ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "GetQueueAttributes", "ListDeadLetterSourceQueues"),
}
_URL_OPERATIONS = {"CreateQueue", "GetQueueUrl", "ListQueues", "ListDeadLetterSourceQueues"}


def owner(call: ParsedCall, caller: str) -> str:
    """The account whose queue a call is about: for what SQS lets other accounts do, the one in the queue's address."""
    if call.service != "sqs" or call.operation not in _BETWEEN_ACCOUNTS:
        return caller
    match = _QUEUE_URL.search(str(call.params.get("QueueUrl", "")))
    return match[1] if match else caller


def waits(call: ParsedCall) -> bool:
    """Whether this call may have to wait: a receive whose own or whose queue's wait time is not zero."""
    return call.service == "sqs" and call.operation == "ReceiveMessage" and _asked(call) != 0


def _asked(call: ParsedCall) -> int:
    """-1: not said, so the queue's ``ReceiveMessageWaitTimeSeconds`` counts."""
    return int(call.params.get("WaitTimeSeconds", -1))


def strip_wait(call: ParsedCall) -> None:
    """Make moto answer a receive at once, whatever was asked; its own waiting would hold up the whole account."""
    if call.service != "sqs" or call.operation != "ReceiveMessage" or call.native is None:
        return
    if call.protocol == "query":
        form = call.native.values.to_dict()
        form["WaitTimeSeconds"] = "0"
        call.native = _with_form(call, form)
        return
    document = json.loads(call.native.data or b"{}")
    if document.get("WaitTimeSeconds") != 0:
        document["WaitTimeSeconds"] = 0
        call.native = with_body(call, json.dumps(document).encode())


def _with_form(call: ParsedCall, form: dict[str, str]) -> Any:
    return with_body(call, urlencode(form).encode())


class LongPoll:
    """One receive that waits: tried again when something is sent in its region, and now and then for what becomes visible."""

    def __init__(
        self, services: Services, call: ParsedCall, request: HttpRequest, place: tuple[str, str], deadline: float
    ) -> None:
        self._services = services
        self._call = call
        self._request = request
        self._place = place
        self._deadline = deadline
        self._timer: Timer | None = None
        self.principal: Principal | None = None

    def start(self, respond: Respond) -> None:
        self._respond = respond
        self._attempt()

    def wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._services.world.clock.call_later(0.0, self._attempt, "sqs long poll", background=True)

    def _attempt(self) -> None:
        clock = self._services.world.clock
        response = self._services.handle(self._call, self._request, *self._place, principal=self.principal)
        polls = self._services.polls.setdefault(self._place, [])
        if response.status != 200 or _has_messages(response) or clock.now() >= self._deadline:
            if self in polls:
                polls.remove(self)
            self._respond(response)
            return
        if self not in polls:
            polls.append(self)
        at = min(self._deadline, clock.now() + POLL_INTERVAL_S)
        self._timer = clock.call_at(at, self._attempt, "sqs long poll", background=True)


def poll(
    services: Services,
    call: ParsedCall,
    request: HttpRequest,
    account_id: str,
    region: str,
    respond: Respond,
    principal: Principal | None,
) -> None:
    """Receive until something comes or the wait is over, on the account's clock."""
    wait_s = min(_wait_s(services, call, account_id, region), _WAIT_MAX_S)
    waiting = LongPoll(services, call, request, (account_id, region), services.world.clock.now() + wait_s)
    waiting.principal = principal
    waiting.start(respond)


def wake(services: Services, call: ParsedCall, account_id: str, region: str) -> None:
    """After anything that may have made a message visible."""
    if call.service == "sqs" and call.operation in _ARRIVALS:
        for waiting in list(services.polls.get((account_id, region), ())):
            waiting.wake()


def _wait_s(services: Services, call: ParsedCall, account_id: str, region: str) -> int:
    asked = _asked(call)
    if asked >= 0:
        return asked
    with services.world.entered():
        queues = services.world.backend("sqs", account_id, region).queues
        queue = queues.get(str(call.params.get("QueueUrl", "")).rsplit("/", 1)[-1])
        return int(queue.receive_message_wait_time_seconds or 0) if queue is not None else 0


def _has_messages(response: HttpResponse) -> bool:
    return b'"ReceiptHandle"' in response.body or b"<ReceiptHandle>" in response.body


def localise(call: ParsedCall, request: HttpRequest, response: HttpResponse) -> None:
    """SDKs other than boto3 send to the queue URL itself, so it must name the endpoint that was called."""
    host = request.host
    if call.service == "sqs" and call.operation in _URL_OPERATIONS and host and ".amazonaws.com" not in host:
        response.headers = [(key, value) for key, value in response.headers if key.lower() != "x-amz-crc32"]
        response.body = _QUEUE_HOST.sub(f"{request.scheme}://{host}".encode(), response.body)
