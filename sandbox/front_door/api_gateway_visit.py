"""One request at an API of API Gateway, and what has been found out about it so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.front_door.claim import Claim
from sandbox.front_door.passage import Passage
from sandbox.http_message import HttpRequest


@dataclass(slots=True)
class Visit:
    """``path`` is what is behind the stage and ``raw_path`` what is behind the host, both as they arrived.

    ``resource`` is the matched route's or resource's path (``/items/{id}``, ``$default``), ``authorizer`` what goes into the
    event's ``requestContext``.
    """

    passage: Passage
    account_id: str
    region: str
    api_id: str
    stage: str
    path: str
    raw_path: str
    request_id: str  # in an HTTP API this is the "Apigw-Requestid", in a REST API the extended id
    trace: str
    variables: Mapping[str, str] = field(default_factory=dict)
    resource: str = ""
    route_key: str = ""
    path_parameters: dict[str, str] = field(default_factory=dict)
    authorizer: dict[str, Any] = field(default_factory=dict)
    claim: Claim | None = None

    @property
    def request(self) -> HttpRequest:
        return self.passage.request

    def arn(self, method: str = "", path: str = "") -> str:
        """``execute-api`` ARN of the request, or of a method and path; what policies and permissions name."""
        tail = f"{self.stage}/{method or self.request.method}/{(path or self.path).lstrip('/')}"
        return f"arn:aws:execute-api:{self.region}:{self.account_id}:{self.api_id}/{tail}"

    @property
    def source_arn(self) -> str:
        """Whom Lambda sees calling: the route, with its variables by name; ``*`` in a permission matches them."""
        if self.resource == "$default":
            return f"arn:aws:execute-api:{self.region}:{self.account_id}:{self.api_id}/{self.stage}/$default"
        return self.arn(path=self.resource)

    @property
    def domain(self) -> str:
        """The host name the client used when it names the API, else AWS's own (the path form has none)."""
        host = self.request.host.rsplit(":", 1)[0]
        if host.startswith(f"{self.api_id}.execute-api."):
            return host
        return f"{self.api_id}.execute-api.{self.region}.amazonaws.com"
