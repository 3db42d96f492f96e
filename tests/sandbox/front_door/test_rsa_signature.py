"""What joserfc signs holds, and nothing else does; the page verifies with it."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from sandbox.clock import Clock
from sandbox.front_door.api_gateway_jwt import JwtVerifier, Refusal
from sandbox.front_door.rsa_signature import signed_claims
from sandbox.http_message import HttpResponse

KEY = RSAKey.generate_key(2048, {"kid": "k1"}, private=True, auto_kid=False)
OTHER = RSAKey.generate_key(2048, {"kid": "k1"}, private=True, auto_kid=False)
KEYS: dict[str, Any] = {"keys": [KEY.as_dict(private=False)]}
CLAIMS = {"sub": "ann", "iss": "https://issuer.example", "exp": 4_000_000_000}


def token(alg: str = "RS256", key: RSAKey = KEY, **header: str) -> str:
    return str(jwt.encode({"alg": alg, "kid": "k1", **header}, CLAIMS, key, algorithms=[alg]))


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512"])
def test_a_token_of_the_key_gives_its_claims(alg: str) -> None:
    assert signed_claims(token(alg), KEYS) == CLAIMS


def test_a_token_that_the_key_did_not_sign_gives_nothing() -> None:
    head, body, signature = token().split(".")
    unsigned = "eyJhbGciOiJub25lIn0"
    forged = [
        token(key=OTHER),
        token(kid="k2"),
        f"{head}.{body[:-2]}AA.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}.{'A' * len(signature)}",
        f"{head}.{body}.{signature}=",
        f"{unsigned}.{body}.",
        f"{unsigned}.{body}.{signature}",
        "no.token.atall",
        "none",
    ]
    assert [signed_claims(text, KEYS) for text in forged] == [None] * len(forged)


@pytest.mark.parametrize("other", [{"kty": "EC"}, {"use": "enc"}, {"alg": "RS512"}, {"n": "AQAB"}, {"e": 3}])
def test_a_key_for_something_else_verifies_nothing(other: dict[str, Any]) -> None:
    assert signed_claims(token(), {"keys": [KEYS["keys"][0] | other]}) is None


def test_where_the_library_is_missing_an_authorizer_verifies_by_the_standard_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "joserfc", None)
    documents = {"/.well-known/openid-configuration": b'{"jwks_uri": "https://issuer.example/keys"}'}
    keys = str(KEYS).replace("'", '"').encode()
    verifier = JwtVerifier(lambda asked, done: done(HttpResponse(200, [], documents.get(asked.path, keys))), Clock(virtual=True))
    seen: list[Any] = []
    for text in (token(), token(key=OTHER)):
        verifier.verify(text, {"issuer": CLAIMS["iss"], "audience": []}, [], seen.append)
    assert seen[0] == CLAIMS
    assert isinstance(seen[1], Refusal)
    assert seen[1].description == "signature is invalid"
