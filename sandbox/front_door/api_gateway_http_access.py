"""Who may use a route of an HTTP API: everyone, holders of a JWT, whom a function lets in, or signed principals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.errors import AwsError
from sandbox.front_door import api_gateway_answer as answer
from sandbox.front_door import api_gateway_event as event
from sandbox.front_door.api_gateway_authorizer import LambdaAuthorizers, Permit
from sandbox.front_door.api_gateway_iam import Signed
from sandbox.front_door.api_gateway_jwt import Claims, JwtVerifier, Refusal, scopes_of
from sandbox.front_door.api_gateway_lambda import function_of
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.front_door.event_parts import cookies_of, iam_identity, joined_query
from sandbox.http_message import HttpResponse

Row = Mapping[str, Any]
Go = Callable[[], None]
Finish = Callable[[HttpResponse], None]


def unauthorized(header: str = "") -> HttpResponse:
    return answer.said(401, "Unauthorized", [("www-authenticate", header)] if header else None)


def forbidden(header: str = "") -> HttpResponse:
    return answer.said(403, "Forbidden", [("www-authenticate", header)] if header else None)


def _token_refused(refusal: Refusal) -> HttpResponse:
    if refusal.status == 403:
        return forbidden(refusal.header())
    return unauthorized(refusal.header()) if refusal.status == 401 else answer.said(refusal.status, refusal.description)


class HttpAccess:
    def __init__(self, signed: Signed, tokens: JwtVerifier, functions: LambdaAuthorizers) -> None:
        self._signed = signed
        self._tokens = tokens
        self._functions = functions

    def check(self, visit: Visit, route: Row, authorizer: Row, go: Go, refuse: Finish) -> None:
        """One of ``go`` and ``refuse`` is called, perhaps later."""

        def denied(response: HttpResponse) -> None:
            visit.passage.allowed = False
            refuse(response)

        kind = str(route.get("authorizationType") or "NONE")
        if kind == "NONE":
            go()
        elif kind == "AWS_IAM":
            self._signature(visit, go, denied)
        elif kind == "JWT":
            self._token(visit, route, authorizer, go, denied)
        elif kind == "CUSTOM":
            self._function(visit, authorizer, go, denied)
        else:
            denied(answer.said(500, "Internal Server Error"))

    def _signature(self, visit: Visit, go: Go, refuse: Finish) -> None:
        try:
            self._signed.admit(visit)
        except AwsError as error:
            visit.passage.error = error.code
            refuse(forbidden())
            return
        principal, claim = visit.passage.principal, visit.claim
        visit.authorizer = {"iam": iam_identity(principal, claim.access_key_id if claim else "")}
        go()

    def _token(self, visit: Visit, route: Row, authorizer: Row, go: Go, refuse: Finish) -> None:
        sources = _sources(authorizer.get("identitySource")) or ["$request.header.Authorization"]
        token = next((value for source in sources if (value := selected(visit, source))), "").strip()
        if token[:7].lower() == "bearer ":
            token = token[7:].strip()
        if not token:
            refuse(unauthorized("Bearer"))
            return

        def verified(outcome: Claims | Refusal) -> None:
            if isinstance(outcome, Refusal):
                visit.passage.error = outcome.description
                refuse(_token_refused(outcome))
                return
            scopes = scopes_of(outcome) if route.get("authorizationScopes") else None
            visit.authorizer = {"jwt": {"claims": {name: _claim(value) for name, value in outcome.items()}, "scopes": scopes}}
            go()

        wanted = [str(item) for item in route.get("authorizationScopes") or ()]
        self._tokens.verify(token, authorizer.get("jwtConfiguration") or {}, wanted, verified)

    def _function(self, visit: Visit, authorizer: Row, go: Go, refuse: Finish) -> None:
        sources = _sources(authorizer.get("identitySource"))
        identity = [selected(visit, source) for source in sources]
        if not all(identity):
            refuse(unauthorized())
            return
        old = str(authorizer.get("authorizerPayloadFormatVersion") or "2.0") == "1.0"
        simple = bool(authorizer.get("enableSimpleResponses")) and not old

        def answered(permit: Permit | None) -> None:
            if permit is None:
                visit.passage.error = "AuthorizerFailure"
                refuse(answer.said(500, "Internal Server Error"))
            elif not permit.allows(visit):
                refuse(forbidden())
            else:
                visit.authorizer = {"lambda": dict(permit.context)} if not old else _flat(permit)
                go()

        ttl = float(authorizer.get("authorizerResultTtlInSeconds") or 0) if sources else 0.0
        asked = _asked_1(visit, identity) if old else _asked_2(visit, identity)
        self._functions.ask(
            visit,
            str(authorizer.get("authorizerId") or ""),
            function_of(str(authorizer.get("authorizerUri") or ""), visit.variables),
            asked,
            tuple(identity),
            ttl,
            answered,
            role=str(authorizer.get("authorizerCredentialsArn") or ""),
            simple=simple,
        )


def selected(visit: Visit, expression: str) -> str:
    """A selection expression such as ``$request.header.Authorization``; empty when it selects nothing."""
    where, _, name = expression.removeprefix("$").partition(".")
    if where == "request":
        where, _, name = name.partition(".")
    if where == "header":
        return visit.request.header(name)
    if where == "querystring":
        return joined_query(visit.request.query).get(name, "")
    if where == "stageVariables":
        return str(visit.variables.get(name, ""))
    if where == "context":
        found: Any = event.context_2(visit)
        for part in name.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return "" if found is None else str(found)
    return ""


def _sources(given: object) -> list[str]:
    """A list; REST APIs and some clients write one text with commas."""
    if isinstance(given, str):
        return [part.strip() for part in given.split(",") if part.strip()]
    return [str(item) for item in given] if isinstance(given, list) else []


def _claim(value: Any) -> str:
    """Claims are texts in the event; a list is written in brackets."""
    if isinstance(value, list):
        return "[" + " ".join(str(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _flat(permit: Permit) -> dict[str, Any]:
    return {"principalId": permit.principal_id, **permit.context}


def _asked_2(visit: Visit, identity: list[str]) -> dict[str, Any]:
    document = event.version_2(visit)
    for name in ("body", "isBase64Encoded"):
        document.pop(name, None)
    document.setdefault("cookies", cookies_of(visit.request))
    document.setdefault("queryStringParameters", {})
    document.setdefault("pathParameters", {})
    document.setdefault("stageVariables", {})
    return document | {"type": "REQUEST", "routeArn": visit.arn(), "identitySource": identity}


def _asked_1(visit: Visit, identity: list[str]) -> dict[str, Any]:
    document = event.http_version_1(visit)
    for name in ("body", "isBase64Encoded"):
        document.pop(name, None)
    token = ",".join(identity)
    return document | {
        "type": "REQUEST",
        "methodArn": visit.arn(),
        "identitySource": token,
        "authorizationToken": token,
    }
