"""REST APIs at work: resource, access, API key, validation, throttle, integration, answer (guide, "Work with REST APIs")."""

from __future__ import annotations

from collections.abc import Callable

from sandbox import facts
from sandbox.control_plane.rest_apis import RestDefinition, RestStage
from sandbox.front_door.api_gateway_gateway_response import Refused, gateway_response
from sandbox.front_door.api_gateway_integration import Integrations
from sandbox.front_door.api_gateway_path import ANY, fit, specificity
from sandbox.front_door.api_gateway_rest_access import RestAccess
from sandbox.front_door.api_gateway_usage import Usage
from sandbox.front_door.api_gateway_validation import validate
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.http_message import HttpResponse

Finish = Callable[[HttpResponse], None]


class RestApiDoor:
    def __init__(self, access: RestAccess, usage: Usage, integrations: Integrations) -> None:
        self._access = access
        self._usage = usage
        self._integrations = integrations

    def handle(self, visit: Visit, stage: RestStage, finish: Finish) -> None:
        """``finish`` is called once with the answer, without what every answer of the API carries."""
        definition = stage.definition
        refuse = _refuser(visit, definition, finish)
        try:
            if len(visit.request.body) > facts.limit("api_payload_bytes"):
                raise Refused("REQUEST_TOO_LARGE")
            resource_id, verb = _place(visit, definition)
        except Refused as refused:
            refuse(refused)
            return
        method = definition.resources[visit.resource].methods[verb]

        def admitted(usage_key: str) -> None:
            try:
                if method.get("apiKeyRequired"):
                    self._usage.key(visit, definition, usage_key)
                self._usage.stage(visit, stage)
            except Refused as refused:
                refuse(refused)
                return
            self.perform(visit, stage, resource_id, verb, finish)

        self._access.check(visit, method, definition, admitted, refuse)

    def perform(self, visit: Visit, stage: RestStage, resource_id: str, verb: str, finish: Finish) -> None:
        """Validation and integration for somebody who may."""
        definition = stage.definition
        refuse = _refuser(visit, definition, finish)
        method = definition.resources[visit.resource].methods[verb]

        def answered(outcome: HttpResponse | Refused) -> None:
            if isinstance(outcome, Refused):
                refuse(outcome)
                return
            outcome.headers.append(("X-Amzn-Trace-Id", visit.trace))
            finish(outcome)

        try:
            validate(visit, method, definition)
            integration = method.get("methodIntegration")
            if not integration:
                raise Refused("API_CONFIGURATION_ERROR", "No integration defined for method")
        except Refused as refused:
            refuse(refused)
            return
        ids = (resource_id, stage.deployment_id)
        self._integrations.run(visit, integration, ids, definition.binary_types, answered)


def _refuser(visit: Visit, definition: RestDefinition, finish: Finish) -> Callable[[Refused], None]:
    def refuse(refused: Refused) -> None:
        visit.passage.error = visit.passage.error or refused.error_type
        if refused.status in (401, 403):
            visit.passage.allowed = False
        finish(gateway_response(refused, visit, definition.gateway_responses))

    return refuse


def _place(visit: Visit, definition: RestDefinition) -> tuple[str, str]:
    """The resource's id and the method's name. What is not there asks for a token: AWS's wording for "no such method"."""
    path = visit.path.rstrip("/") or "/"
    segments = path.split("/")[1:] if path != "/" else [""]
    fitting = []
    for resource in definition.resources.values():
        parameters = fit(resource.path, segments) if resource.methods else None
        if parameters is not None:
            fitting.append((specificity(resource.path), resource, parameters))
    if not fitting:
        raise Refused("MISSING_AUTHENTICATION_TOKEN")
    _, resource, visit.path_parameters = min(fitting, key=lambda row: row[0])
    visit.resource = resource.path
    verb = visit.request.method if visit.request.method in resource.methods else ANY
    if verb not in resource.methods:
        raise Refused("MISSING_AUTHENTICATION_TOKEN")
    visit.route_key = f"{verb} {resource.path}"
    return resource.resource_id, verb
