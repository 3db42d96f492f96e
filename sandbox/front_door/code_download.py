"""``Code.Location`` of GetFunction: an address that gives the package for ten minutes, without credentials, as AWS's does."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Protocol
from urllib.parse import quote, unquote

from sandbox.clock import Clock
from sandbox.front_door.http_answer import refusal
from sandbox.front_door.route import CODE_PREFIX
from sandbox.functions.function import Code
from sandbox.http_message import HttpRequest, HttpResponse

VALID_S = 600


class Packaged(Protocol):
    """A function version or a layer version."""

    @property
    def code(self) -> Code: ...


class CodeDownload:
    """``find`` gives what an ARN names; ``secret`` signs addresses and dies with the account."""

    def __init__(self, clock: Clock, secret: str, find: Callable[[str], Packaged | None]) -> None:
        self._clock = clock
        self._secret = secret.encode()
        self._find = find
        self.endpoint = ""

    def location(self, arn: str) -> str:
        expires = str(int(self._clock.now()) + VALID_S)
        return f"{self.endpoint}{CODE_PREFIX}{quote(arn, safe='')}?Expires={expires}&Signature={self._sign(arn, expires)}"

    def answer(self, name: str, request: HttpRequest) -> HttpResponse:
        """``name`` is what follows the prefix in the path."""
        arn = unquote(name)
        query = dict(request.query_pairs())
        expires = query.get("Expires", "")
        if not hmac.compare_digest(self._sign(arn, expires).encode(), query.get("Signature", "").encode("utf-8", "replace")):
            return refusal(403, "SignatureDoesNotMatch", "This address was not made by GetFunction of this account.")
        if float(expires) < self._clock.now():
            return refusal(403, "AccessDenied", "Request has expired. Call GetFunction again for a new address.")
        found = self._find(arn)
        if found is None:
            return refusal(404, "NoSuchKey", "The version this address was made for has been deleted.")
        return HttpResponse(200, [("Content-Type", "application/zip")], found.code.data)

    def _sign(self, arn: str, expires: str) -> str:
        return hmac.digest(self._secret, f"{arn}\n{expires}".encode(), "sha256").hex()
