"""Every AWS service but Lambda: overrides of ours first, moto for the rest, in this account's world.

No call blocks: what AWS lets a client wait for (SQS long polling) waits on the account's clock through the callback face.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.control_plane import answer, dispatch, queues, wire
from sandbox.control_plane.protocol import CBOR
from sandbox.control_plane.wire import ParsedCall
from sandbox.control_plane.world import World
from sandbox.errors import AwsError, InternalError
from sandbox.http_message import HttpRequest, HttpResponse, Respond
from sandbox.iam.principal import Principal

log = logging.getLogger(__name__)

_DEFECTS_MAX = 100
Override = Callable[[ParsedCall, HttpRequest, str, str, Principal | None], "dict[str, Any] | None"]
Before = Callable[[ParsedCall, str, str], None]
After = Callable[[ParsedCall, str, str, HttpResponse], None]
Deferred = Callable[[ParsedCall, str, str, int, Callable[["dict[str, Any] | AwsError"], None]], None]


@dataclass(frozen=True, slots=True)
class InHand:
    """The call that is being answered, as far as its parameters do not say it. ``cause`` is its timeline entry."""

    request: HttpRequest
    principal: Principal | None
    request_id: str
    cause: int


class Services:
    """``override`` answers an operation itself (None: let moto answer); ``before``/``after`` see every call of a service.

    ``in_hand`` tells them about the call that is being answered.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.overrides: dict[tuple[str, str], Override] = {}
        self.deferred: dict[tuple[str, str], Deferred] = {}  # operations whose answer comes later, through a callback
        self.before: dict[str, list[Before]] = {}
        self.after: dict[str, list[After]] = {}
        self.polls: dict[tuple[str, str], list[queues.LongPoll]] = {}  # by account and region
        self.in_hand: InHand | None = None
        self.defects: deque[str] = deque(maxlen=_DEFECTS_MAX)  # what broke inside, newest last

    def override(self, service: str, operation: str, handler: Override) -> None:
        self.overrides[service, operation] = handler

    def handle(
        self,
        call: ParsedCall,
        request: HttpRequest,
        account_id: str,
        region: str,
        respond: Respond | None = None,
        *,
        principal: Principal | None = None,
        cause: int = 0,
    ) -> HttpResponse:
        """The answer, errors included. With ``respond`` the answer goes there instead, possibly later (SQS long polling),
        and the returned value is what has been answered so far (status 0 while the caller waits)."""
        account_id = queues.owner(call, account_id)
        if respond is None:
            return self._answer(call, request, account_id, region, principal, cause)
        deferred = self.deferred.get((call.service, call.operation))
        if deferred is not None:
            self._defer(deferred, call, request, account_id, region, cause, respond)
            return HttpResponse(0)
        if queues.waits(call):
            queues.poll(self, call, request, account_id, region, respond, principal)
            return HttpResponse(0)
        response = self._answer(call, request, account_id, region, principal, cause)
        respond(response)
        return response

    def _defer(
        self,
        deferred: Deferred,
        call: ParsedCall,
        request: HttpRequest,
        account_id: str,
        region: str,
        cause: int,
        respond: Respond,
    ) -> None:
        request_id = self.world.ids.uuid()

        def answered(result: dict[str, Any] | AwsError) -> None:
            if isinstance(result, AwsError):
                respond(wire.serialise_error(call.service, call.operation, result, request, request_id))
            else:
                respond(wire.serialise(call.service, call.operation, result, request, request_id))

        try:
            wire.require_members(call)
            deferred(call, account_id, region, cause, answered)
        except AwsError as error:
            answered(error)

    def _answer(
        self, call: ParsedCall, request: HttpRequest, account_id: str, region: str, principal: Principal | None, cause: int = 0
    ) -> HttpResponse:
        request_id = self.world.ids.uuid()
        before, self.in_hand = self.in_hand, InHand(request, principal, request_id, cause)
        try:
            with self.world.entered():
                response = self._do(call, request, account_id, region, principal, request_id)
        except AwsError as error:
            return wire.serialise_error(call.service, call.operation, error, request, request_id)
        except InternalError as error:
            return self._defect(call, request, request_id, error)
        finally:
            self.in_hand = before
        return response

    def _do(
        self, call: ParsedCall, request: HttpRequest, account_id: str, region: str, principal: Principal | None, request_id: str
    ) -> HttpResponse:
        for hook in (*self.before.get("*", ()), *self.before.get(call.service, ())):
            hook(call, account_id, region)
        result = self._overridden(call, request, account_id, region, principal)
        if result is not None:
            response = wire.serialise(call.service, call.operation, result, request, request_id)
        elif call.service == "lambda":
            raise InternalError(f"lambda:{call.operation} reached moto; functions live in sandbox.functions")
        else:
            queues.strip_wait(call)
            response = dispatch.run(call, account_id, region, request_id)
            response.headers += answer.request_id_headers(call.service, request_id)
            if call.protocol == CBOR:
                response = answer.cbor_from_json(call.service, call.operation, response)
            queues.localise(call, request, response)
            queues.wake(self, call, account_id, region)
        for after in (*self.after.get(call.service, ()), *self.after.get("*", ())):
            after(call, account_id, region, response)
        return response

    def _overridden(
        self, call: ParsedCall, request: HttpRequest, account_id: str, region: str, principal: Principal | None
    ) -> dict[str, Any] | None:
        override = self.overrides.get((call.service, call.operation))
        if override is None:
            return None
        wire.require_members(call)
        try:
            return override(call, request, account_id, region, principal)
        except (AwsError, InternalError):
            raise
        except Exception as error:  # the account answers, whatever breaks
            raise InternalError(f"{call.service}:{call.operation} failed: {type(error).__name__}: {error}") from error

    def _defect(self, call: ParsedCall, request: HttpRequest, request_id: str, error: InternalError) -> HttpResponse:
        log.error("%s:%s [%s] %s", call.service, call.operation, request_id, error, exc_info=error.__cause__ or error)
        self.defects.append(str(error))
        code = "InternalError" if call.service in ("s3", "sqs", "sns") else "InternalFailure"
        said = AwsError(code, f"The sandbox could not complete {call.service}:{call.operation}. {error}", 500)
        return wire.serialise_error(call.service, call.operation, said, request, request_id)
