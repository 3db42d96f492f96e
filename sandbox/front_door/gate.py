"""The one path of every API call: who → may they → injected fault → do it → record it. A function's own calls take it too.

An operation that nobody mapped to actions and ARNs is refused with its name, and kept as a defect: admitting or denying it would
both be guesses.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sandbox.clock import Clock
from sandbox.control_plane import wire
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError, InternalError
from sandbox.front_door import signature_errors
from sandbox.front_door.admission import Admission, endpoint_refusal
from sandbox.front_door.causes import Causes
from sandbox.front_door.claim import Claim
from sandbox.front_door.http_answer import refusal
from sandbox.front_door.passage import CallRecorder, CauseRecorder, FaultSource, Passage
from sandbox.front_door.regions import REGIONS
from sandbox.front_door.route import Route, host_name, region_of_host
from sandbox.front_door.signature import Signatures
from sandbox.front_door.way_out import set_out
from sandbox.functions.api import ApiCaller, LambdaApi
from sandbox.http_message import HttpRequest, HttpResponse, Respond
from sandbox.iam.denial import denial
from sandbox.iam.operations import CallSite
from sandbox.iam.principal import Principal, anonymous
from sandbox.ids import Ids
from sandbox.network.ground import Endpoint, Ground
from sandbox.network.way import Way

log = logging.getLogger(__name__)

_DEFECTS_MAX = 100
_DIRECT = Way()
_OPEN = frozenset({"AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"})  # STS operations that nobody signs
_QUIET = ("Get", "List", "Describe", "Head", "Receive", "BatchGet", "Query", "Scan")

InvokeLambda = Callable[[Passage, ParsedCall], None]


@dataclass(frozen=True, slots=True)
class Rooms:
    """What stands behind the gate. ``find`` and ``tags_of`` tell the operation map what a request alone does not.

    ``spend`` lets account time pass for the environment with an access key; False where it has to wait by itself.
    """

    clock: Clock
    ids: Ids
    signatures: Signatures
    admission: Admission
    faults: FaultSource
    calls: CallRecorder
    timeline: CauseRecorder
    services: Services
    lambda_api: LambdaApi
    find: Callable[[str, str, str, str], str]
    account_id: str
    ground: Callable[[str, str], Ground] = lambda _account_id, _region: Ground()
    spend: Callable[[str, float], bool] = lambda _access_key_id, _seconds: False


class Gate:
    """``invoke`` does the Invoke operations, which are no control-plane calls; the fast path shares it."""

    def __init__(self, rooms: Rooms, invoke: InvokeLambda, causes: Causes) -> None:
        self.rooms = rooms
        self._causes = causes
        self.defects: deque[str] = deque(maxlen=_DEFECTS_MAX)
        self._invoke = invoke

    def handle(self, request: HttpRequest, respond: Respond, claim: Claim | None, route: Route) -> None:
        """Everything but Function URLs and the fast path. ``respond`` is called once, perhaps later."""
        rooms = self.rooms
        passage = Passage(request, respond, rooms.ids.uuid(), rooms.clock, rooms.calls)
        passage.service, passage.region = route.service, route.region
        passage.account_id = rooms.account_id
        refuse = self._refuser(passage, None)
        try:
            self.identify(passage, claim)
            call = wire.parse(route.service, request)
        except AwsError as error:
            passage.allowed = False
            passage.refuse(error, refuse)
            return
        except InternalError as error:
            self.defect(passage, error, refuse)
            return
        passage.operation = call.operation
        if not set_out(rooms, self._causes, passage, route.service):
            return
        refuse = self._refuser(passage, call)
        try:
            self._admit(passage, call, claim)
        except AwsError as error:
            passage.refuse(error, refuse)
        except InternalError as error:
            self.defect(passage, error, refuse)
        else:
            self._note(passage)
            passage.suffer(rooms.faults, refuse, lambda: self._do(passage, call, refuse))

    def identify(self, passage: Passage, claim: Claim | None) -> None:
        """Sets principal and account; AwsError when the signature does not hold or the Region cannot be."""
        if claim is None:
            if passage.service not in ("s3", "sts"):
                raise signature_errors.missing_token(signature_errors.family_of(passage.service, passage.request))
            passage.principal = anonymous()
            return
        passage.principal = self.rooms.signatures.verify(claim, passage.request)
        passage.account_id = passage.principal.account_id or self.rooms.account_id
        host = passage.request.host
        if "amazonaws" in host:
            named = region_of_host(host_name(host))
            if named in REGIONS and named != passage.region and passage.service != "s3":
                raise signature_errors.wrong_region(signature_errors.family_of(passage.service, passage.request), passage.region)

    def site(self, request: HttpRequest, principal: Principal, account_id: str, region: str, path: Way = _DIRECT) -> CallSite:
        """The conditions a policy may ask about. Loopback HTTP counts as secure transport: AWS's endpoints are TLS only."""
        return CallSite(
            account_id=account_id,
            region=region,
            principal=principal,
            source_ip=request.source_ip,
            secure_transport=True,
            user_agent=request.header("user-agent"),
            now=self.rooms.clock.now(),
            source_vpc=path.vpc_id if path.endpoint else "",
            source_vpce=path.by if path.endpoint else "",
            find=partial(self.rooms.find, account_id, region),
        )

    def pass_endpoint(
        self, passage: Passage, endpoint: Endpoint, service: str, operation: str, params: Mapping[str, Any]
    ) -> None:
        """An endpoint's policy lets pass or refuses; it grants nothing (PrivateLink guide, "endpoint policies")."""
        where = self.site(passage.request, passage.principal, passage.account_id, passage.region, passage.way)
        refused = endpoint_refusal(endpoint, service, operation, params, where)
        if refused is not None:
            passage.allowed = False
            raise denial(service, passage.principal, *refused)

    def defect(self, passage: Passage, error: InternalError, refuse: Callable[[AwsError], HttpResponse]) -> None:
        """Our own gap, said loudly: 501 with the operation's name, in the log and in ``defects``."""
        name = f"{passage.service}:{passage.operation or passage.request.path}"
        log.error("%s [%s]: %s", name, passage.request_id, error)
        self.defects.append(f"{name}: {error}")
        said = AwsError("NotImplemented", f"This account cannot do {name} yet. {error}", 501)
        try:
            passage.refuse(said, refuse)
        except InternalError:  # a service nobody models cannot word its own refusal either
            passage.answer(refusal(501, said.code, said.message or name))

    # -- inside

    def _admit(self, passage: Passage, call: ParsedCall, claim: Claim | None) -> None:
        if claim is None and passage.service == "sts" and call.operation not in _OPEN:
            raise signature_errors.missing_token(signature_errors.family_of("sts", passage.request))
        where = self.site(passage.request, passage.principal, passage.account_id, passage.region, passage.way)
        ruling = self.rooms.admission.rule(call.service, call.operation, call.params, where)
        passage.ruling = ruling
        if not ruling.allowed and ruling.check is not None and ruling.verdict is not None:
            passage.allowed = False
            raise denial(call.service, passage.principal, ruling.check, ruling.verdict)
        if passage.way.endpoint is not None:
            self.pass_endpoint(passage, passage.way.endpoint, call.service, call.operation, call.params)

    def _note(self, passage: Passage) -> None:
        if not passage.operation.startswith(_QUIET) and not passage.operation.startswith("Invoke"):
            cause = self._causes.of(passage.request.header("x-amzn-trace-id"))
            title, caller = f"{passage.service}:{passage.operation}", passage.principal.arn
            passage.cause = self.rooms.timeline.add("call", title, cause=cause, principal=caller, arns=list(passage.ruling.arns))

    def _do(self, passage: Passage, call: ParsedCall, refuse: Callable[[AwsError], HttpResponse]) -> None:
        if call.service != "lambda":
            self.rooms.services.handle(
                call,
                passage.request,
                passage.account_id,
                passage.region,
                passage.answer,
                principal=passage.principal,
                cause=passage.cause,
            )
            return
        try:
            if call.operation in ("Invoke", "InvokeAsync", "InvokeWithResponseStream"):
                self._invoke(passage, call)
                return
            caller = ApiCaller(passage.account_id, passage.region, passage.principal)
            result: dict[str, Any] = self.rooms.lambda_api.handle(call.operation, call.params, caller)
        except AwsError as error:
            passage.refuse(error, refuse)
            return
        except InternalError as error:
            self.defect(passage, error, refuse)
            return
        passage.answer(wire.serialise("lambda", call.operation, result, passage.request, passage.request_id))

    def _refuser(self, passage: Passage, call: ParsedCall | None) -> Callable[[AwsError], HttpResponse]:
        operation = call.operation if call else None

        def refuse(error: AwsError) -> HttpResponse:
            return wire.serialise_error(passage.service, operation, error, passage.request, passage.request_id)

        return refuse
