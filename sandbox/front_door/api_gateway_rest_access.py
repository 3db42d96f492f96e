"""Who may use a method of a REST API: its resource policy, signatures, functions, and API keys with their usage plans."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.control_plane.rest_apis import RestDefinition
from sandbox.errors import AwsError
from sandbox.front_door import api_gateway_event as event
from sandbox.front_door.api_gateway_authorizer import LambdaAuthorizers, Permit
from sandbox.front_door.api_gateway_gateway_response import Refused
from sandbox.front_door.api_gateway_http_access import selected
from sandbox.front_door.api_gateway_iam import ACTION, Signed
from sandbox.front_door.api_gateway_lambda import function_of
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.front_door.gate import Rooms
from sandbox.iam.principal import NamedPolicy, anonymous

Row = Mapping[str, Any]
Go = Callable[[str], None]
Refuse = Callable[[Refused], None]


class RestAccess:
    def __init__(self, rooms: Rooms, signed: Signed, functions: LambdaAuthorizers) -> None:
        self._rooms = rooms
        self._signed = signed
        self._functions = functions

    def check(self, visit: Visit, method: Row, definition: RestDefinition, go: Go, refuse: Refuse) -> None:
        """``go`` is given the API key an authorizer named, if it did; one of both is called, perhaps later."""
        kind = str(method.get("authorizationType") or "NONE")
        try:
            self._policy(visit, definition, signed=kind == "AWS_IAM")
        except Refused as refused:
            refuse(refused)
            return
        if kind in ("NONE", "AWS_IAM"):
            go("")
        elif kind == "CUSTOM":
            authorizer = definition.authorizers.get(str(method.get("authorizerId") or ""))
            if authorizer is None:
                refuse(Refused("AUTHORIZER_CONFIGURATION_ERROR"))
            else:
                self._function(visit, authorizer, go, refuse)
        else:
            message = f"Authorizers of type {kind} are not supported by this account."
            refuse(Refused("AUTHORIZER_CONFIGURATION_ERROR", message, status=501))

    def _policy(self, visit: Visit, definition: RestDefinition, *, signed: bool) -> None:
        """Signed: identity and resource policies together. Unsigned: the resource policy must allow everyone, if there is one."""
        own = None
        if definition.policy is not None:
            own = NamedPolicy(f"policy of API {visit.api_id}", _expanded(definition.policy, visit))
        if signed:
            try:
                self._signed.identify(visit)
            except AwsError as error:
                raise _bad_signature(error) from error
            principal = visit.passage.principal
        elif own is None:
            return
        else:
            principal = anonymous()
        ruling = self._rooms.admission.decide(principal, [self._signed.check(visit)], own)
        visit.passage.ruling = ruling
        if not ruling.allowed:
            who = principal.arn if signed else "anonymous"
            explicit = ruling.verdict is not None and ruling.verdict.decision == "explicitDeny"
            end = " with an explicit deny" if explicit else ""
            masked = visit.arn().replace(visit.account_id, "********" + visit.account_id[-4:])
            message = f"User: {who} is not authorized to perform: {ACTION} on resource: {masked}{end}"
            raise Refused("ACCESS_DENIED", message, capital=True)

    def _function(self, visit: Visit, authorizer: Row, go: Go, refuse: Refuse) -> None:
        sources = [part.strip() for part in str(authorizer.get("identitySource") or "").split(",") if part.strip()]
        token = authorizer.get("type") == "TOKEN"
        if token and not sources:
            sources = ["method.request.header.Authorization"]
        identity = [selected(visit, source.removeprefix("method.")) for source in sources]
        pattern = str(authorizer.get("identityValidationExpression") or "")
        ttl_given = authorizer.get("authorizerResultTtlInSeconds")
        ttl = 300.0 if ttl_given is None else float(ttl_given)
        if (token or ttl > 0) and not all(identity):
            refuse(Refused("UNAUTHORIZED"))
            return
        if token and pattern and not _fits(pattern, identity[0]):
            refuse(Refused("UNAUTHORIZED"))
            return

        def answered(permit: Permit | None) -> None:
            if permit is None:
                refuse(Refused("AUTHORIZER_CONFIGURATION_ERROR"))
            elif permit.unauthorized:
                refuse(Refused("UNAUTHORIZED"))
            elif not permit.allows(visit):
                end = " with an explicit deny" if permit.denies(visit) else ""
                refuse(Refused("ACCESS_DENIED", f"User is not authorized to access this resource{end}"))
            else:
                visit.authorizer = {"principalId": permit.principal_id, **_texts(permit.context), "integrationLatency": 0}
                go(permit.usage_key)

        self._functions.ask(
            visit,
            str(authorizer.get("id") or ""),
            function_of(str(authorizer.get("authorizerUri") or ""), visit.variables),
            _asked(visit, identity[0]) if token else _asked_request(visit),
            tuple(identity),
            ttl if identity else 0.0,
            answered,
            role=str(authorizer.get("authorizerCredentials") or ""),
        )


def _fits(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return False


def _texts(context: Mapping[str, Any]) -> dict[str, str]:
    """REST APIs hand a context on as texts."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in context.items() if value is not None}


def _asked(visit: Visit, token: str) -> dict[str, Any]:
    return {"type": "TOKEN", "methodArn": visit.arn(), "authorizationToken": token}


def _asked_request(visit: Visit) -> dict[str, Any]:
    document = event.rest_version_1(visit, "", "", binary=False)
    for name in ("body", "isBase64Encoded"):
        del document[name]
    return {"type": "REQUEST", "methodArn": visit.arn(), **document}


def _bad_signature(error: AwsError) -> Refused:
    if error.code in ("MissingAuthenticationToken", "MissingAuthenticationTokenException"):
        return Refused("MISSING_AUTHENTICATION_TOKEN")
    if "Expired" in error.code:
        return Refused("EXPIRED_TOKEN", error.message)
    return Refused("INVALID_SIGNATURE", error.message)


def _expanded(policy: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    """``execute-api:/stage/METHOD/path`` is short for this API's ARN (guide, "Access control with resource policies")."""
    root = f"arn:aws:execute-api:{visit.region}:{visit.account_id}:{visit.api_id}/"
    text = json.dumps(policy).replace('"execute-api:/', f'"{root}')
    expanded: dict[str, Any] = json.loads(text)
    return expanded
