"""JWT authorizers: a bearer token's signature and claims against an issuer's keys (API Gateway guide, "JWT authorizers").

The issuer's keys are read from its discovery document, in this account: a Function URL, an API or a public object can be one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox import facts
from sandbox.clock import Clock
from sandbox.front_door.rsa_signature import signed_claims
from sandbox.http_message import HttpRequest, HttpResponse, Respond

_DISCOVERY = "/.well-known/openid-configuration"
_ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]
_TOKEN_CHARS_MAX = 16_384

Handle = Callable[[HttpRequest, Respond], None]
Done = Callable[["Claims | Refusal"], None]
Claims = dict[str, Any]


class Refusal:
    """Why a token was not taken: ``error`` and ``description`` as the ``WWW-Authenticate`` header says them."""

    def __init__(self, status: int, error: str = "", description: str = "", scope: str = "") -> None:
        self.status = status
        self.error = error
        self.description = description
        self.scope = scope

    def header(self) -> str:
        if not self.error:
            return "Bearer"
        return f'Bearer scope="{self.scope}" error="{self.error}" error_description="{self.description}"'


class JwtVerifier:
    """``handle`` is the account's own surface: where issuers are asked for their keys."""

    def __init__(self, handle: Handle, clock: Clock) -> None:
        self._handle = handle
        self._clock = clock
        self._keys: dict[str, tuple[float, dict[str, Any]]] = {}

    def clear(self) -> None:
        self._keys.clear()

    def verify(self, token: str, configuration: Mapping[str, Any], scopes: list[str], done: Done) -> None:
        """``configuration`` has ``issuer`` and ``audience``; one of ``scopes`` is needed when there are any."""
        issuer = str(configuration.get("issuer") or "").rstrip("/")
        audience = [str(item) for item in configuration.get("audience") or ()]
        if len(token) > _TOKEN_CHARS_MAX or token.count(".") != 2:
            done(_invalid("the token is not a JWT"))
            return

        def with_keys(keys: dict[str, Any] | None) -> None:
            if keys is None:
                done(_invalid("signing method is invalid or the issuer's keys cannot be read"))
                return
            claims = _verified(token, keys)
            if isinstance(claims, Refusal):
                done(claims)
                return
            done(_judge(claims, issuer, audience, scopes, self._clock.now()) or claims)

        self._keys_of(issuer, with_keys)

    def _keys_of(self, issuer: str, done: Callable[[dict[str, Any] | None], None]) -> None:
        known = self._keys.get(issuer)
        if known is not None and known[0] > self._clock.now():
            done(known[1])
            return

        def keep(keys: dict[str, Any] | None) -> None:
            if keys is not None:
                self._keys[issuer] = (self._clock.now() + facts.limit("jwt_keys_kept_h") * 3600, keys)
            done(keys)

        def discovered(document: dict[str, Any] | None) -> None:
            address = str((document or {}).get("jwks_uri") or "")
            if address:
                self._fetch(address, keep)
            else:
                done(None)

        self._fetch(issuer + _DISCOVERY, discovered)

    def _fetch(self, address: str, done: Callable[[dict[str, Any] | None], None]) -> None:
        parts = urlsplit(address)
        request = HttpRequest("GET", parts.path or "/", parts.query, [("Host", parts.netloc)], scheme=parts.scheme or "https")

        def answered(response: HttpResponse) -> None:
            try:
                document = json.loads(response.body) if response.status == 200 else None
            except ValueError:
                document = None
            done(document if isinstance(document, dict) else None)

        self._handle(request, answered)


def _verified(token: str, keys: dict[str, Any]) -> Claims | Refusal:
    """The page has no crypto library (``control_plane/browser_stubs.py`` puts a stand-in there, without a version): RSA only."""
    try:
        import joserfc  # noqa: PLC0415  # an account without JWT authorizers starts without it

        absent = not hasattr(joserfc, "__version__")
    except ImportError:
        absent = True
    if absent:
        claims = signed_claims(token, keys)
        return _invalid("signature is invalid") if claims is None else claims
    return _verified_by_library(token, keys)


def _verified_by_library(token: str, keys: dict[str, Any]) -> Claims | Refusal:
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    try:
        key_set = KeySet.import_key_set({"keys": keys.get("keys") or []})
        return dict(jwt.decode(token, key_set, algorithms=_ALGORITHMS).claims)
    except (JoseError, ValueError, KeyError, TypeError):
        return _invalid("signature is invalid")


def _judge(claims: Claims, issuer: str, audience: list[str], scopes: list[str], now: float) -> Refusal | None:
    """In the guide's order: issuer, audience (or ``client_id``), times, scopes."""
    if str(claims.get("iss") or "").rstrip("/") != issuer:
        return _invalid("issuer is invalid")
    given = claims.get("aud", claims.get("client_id"))
    named = [str(item) for item in given] if isinstance(given, list) else [str(given)]
    if audience and not set(audience) & set(named):
        return _invalid("the token does not have a valid audience")
    for name, text in (("exp", "the token has expired"), ("nbf", "the token is not valid yet"), ("iat", "issued in the future")):
        at = claims.get(name)
        if at is None:
            if name == "exp":
                return _invalid("the token has no expiration")
            continue
        if not isinstance(at, int | float) or (at <= now if name == "exp" else at > now):
            return _invalid(text)
    if scopes and not set(scopes) & set(scopes_of(claims)):
        return Refusal(403, "insufficient_scope", "Insufficient scope", " ".join(scopes))
    return None


def scopes_of(claims: Mapping[str, Any]) -> list[str]:
    """``scope`` is a text with blanks, ``scp`` a list."""
    text = claims.get("scope", claims.get("scp"))
    return [str(item) for item in text] if isinstance(text, list) else str(text or "").split()


def _invalid(description: str) -> Refusal:
    return Refusal(401, "invalid_token", description)
