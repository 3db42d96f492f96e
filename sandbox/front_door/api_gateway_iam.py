"""IAM authorization of an API's methods: a signature for ``execute-api`` and the right to ``execute-api:Invoke``."""

from __future__ import annotations

from sandbox.errors import AwsError
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.front_door.claim import Claim, read_claim
from sandbox.front_door.gate import Rooms
from sandbox.front_door.signature_errors import family_of, missing_token
from sandbox.iam.verdict import Check

ACTION = "execute-api:Invoke"


class Signed:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def identify(self, visit: Visit) -> Claim:
        """Sets the visit's principal; AwsError when nobody signed or the signature does not hold."""
        request = visit.request
        claim = read_claim(request)
        if claim is None:
            raise missing_token(family_of("execute-api", request))
        if claim.service != "execute-api" or claim.region != visit.region:
            raise AwsError("InvalidSignatureException", "Credential should be scoped to a valid region.", 403)
        visit.passage.principal = self._rooms.signatures.verify(claim, request)
        visit.claim = claim
        return claim

    def admit(self, visit: Visit) -> None:
        """Raises AwsError for a stranger and for a principal whose policies do not allow the method."""
        self.identify(visit)
        visit.passage.ruling = self._rooms.admission.decide(visit.passage.principal, [self.check(visit)])
        if not visit.passage.ruling.allowed:
            arn = visit.passage.principal.arn
            message = f"User: {arn} is not authorized to perform: {ACTION} on resource: {visit.arn()}"
            raise AwsError("AccessDeniedException", message, 403)

    def check(self, visit: Visit) -> Check:
        context = {"aws:SourceIp": visit.request.source_ip, "aws:SecureTransport": "true"}
        return Check(ACTION, visit.arn(), context, visit.account_id)
