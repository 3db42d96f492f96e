"""The answers of custom resources: each request has an address of its own, good for one letter.

CloudFormation guide, "Custom resource reference": the function puts a JSON document to a signed S3 address.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from typing import Any

from sandbox.clock import Clock, Timer
from sandbox.deployment.loan import Mailbox
from sandbox.http_message import HttpRequest, HttpResponse
from sandbox.ids import Ids

BUCKET = "cloudformation-custom-resource-response-useast1"
_BYTES_MAX = 4096  # of an answer (custom resource reference, "Data")
_AFTER_LETTER_S = 0.1  # whoever wrote is still running

Opened = Callable[[Any], None]


class Mail:
    """``endpoint`` is where this account is reached; empty means by AWS's own names."""

    def __init__(self, clock: Clock, ids: Ids, endpoint: Callable[[], str]) -> None:
        self._clock = clock
        self._ids = ids
        self._endpoint = endpoint
        self._awaited: dict[str, tuple[str, Opened | None]] = {}
        self._letters: dict[str, Any] = {}
        self._limits: dict[str, Timer] = {}

    def box(self, request_id: str, timeout_s: float) -> Mailbox:
        token = self._ids.secret().replace("/", "-").replace("+", "_")
        self._awaited[request_id] = (token, None)
        endpoint = self._endpoint()
        place = f"{endpoint}/{BUCKET}" if endpoint else f"https://{BUCKET}.s3.us-east-1.amazonaws.com"
        return Mailbox(f"{place}/{request_id}?Signature={token}", lambda opened: self._wait(request_id, timeout_s, opened))

    def take(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to a letter; None for any other request."""
        path = request.path.lstrip("/")
        if request.host.startswith(f"{BUCKET}."):
            request_id = path
        elif path.startswith(f"{BUCKET}/"):
            request_id = path.removeprefix(f"{BUCKET}/")
        else:
            return None
        token, opened = self._awaited.get(request_id, ("", None))
        given = dict(request.query_pairs()).get("Signature", "")
        if request.method != "PUT" or not token or not hmac.compare_digest(token.encode(), given.encode()):
            return HttpResponse(403)
        letter = _read(request.body)
        if letter is None:
            return HttpResponse(400)
        if opened is None:
            self._letters[request_id] = letter
        else:
            self._deliver(request_id, letter)
        return HttpResponse(200)

    def clear(self) -> None:
        self._awaited.clear()
        self._letters.clear()
        self._limits.clear()

    def _wait(self, request_id: str, timeout_s: float, opened: Opened) -> None:
        self._awaited[request_id] = (self._awaited[request_id][0], opened)
        if request_id in self._letters:
            self._deliver(request_id, self._letters.pop(request_id))
        else:
            self._limits[request_id] = self._clock.call_later(
                timeout_s, lambda: self._open(request_id, None), "custom resource waits"
            )

    def _deliver(self, request_id: str, letter: Any) -> None:
        self._clock.call_later(_AFTER_LETTER_S, lambda: self._open(request_id, letter), "custom resource answered")

    def _open(self, request_id: str, letter: Any) -> None:
        _, opened = self._awaited.pop(request_id, ("", None))
        limit = self._limits.pop(request_id, None)
        if limit is not None:
            limit.cancel()
        if opened is not None:
            opened(letter)


def _read(body: bytes) -> Any:
    try:
        letter = json.loads(body) if len(body) <= _BYTES_MAX else None
    except ValueError:
        return None
    return letter if isinstance(letter, dict) and letter.get("Status") in ("SUCCESS", "FAILED") else None
