"""The example of RFC 7515, and tokens that joserfc signed once with its key, hold; nothing else does. The page verifies so.

Key and tokens are fixed, so that the tests run in the page too, where nothing makes keys.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.front_door.api_gateway_jwt import JwtVerifier, Refusal
from sandbox.front_door.rsa_signature import signed_claims
from sandbox.http_message import HttpResponse

N = (  # RFC 7515, A.2.1
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-"
    "pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2Ca"
    "pHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb5"
    "4h4FRWyuXpoQ"
)
KEY = {"kty": "RSA", "n": N, "e": "AQAB", "kid": "k1"}
KEYS: dict[str, Any] = {"keys": [KEY]}
CLAIMS = {"sub": "ann", "iss": "https://issuer.example", "exp": 4_000_000_000}

OF_THE_RFC = (  # A.2.1: no kid
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0c"
    "nVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdb"
    "F9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6"
    "_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig"
    "cN_IoypGlUPQGe77Rw"
)
TOKENS = {  # of CLAIMS, with the kid k1, by joserfc
    "RS256": (
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIi"
        "wiZXhwIjo0MDAwMDAwMDAwfQ.Nmy9Z8iT94yqCJ2-4L0rz115MKwQZ2iOsTccrR55qW1-91Q4LJ6DferxbaiEZinLylaZ9UoJ2rWteTKVBUquW"
        "T9l2_aSIK4g_HeK1s5jh3x-JwsIuRIHa01uiVLv0Io2fuw0YKvV3OCOMPu4S4XJ7kTdQJDLBOBmDETG0dT9hiB5zpWcFWIfqNr4OwYGzUBfl7T"
        "Db_3G8izDw81BliDMKA4eJ9sOvqgoos1n7-Bg9RCkyvObMWKRGDtUontjfdNQKPdc11b_Gf1hYStuUZzpo_noWsMAau59g8nu-7SRZCXL2fhYi"
        "tom8z3jb3rp3vmPuEz2YuGnLJNdOAW-4e06lg"
    ),
    "RS384": (
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzM4NCIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIi"
        "wiZXhwIjo0MDAwMDAwMDAwfQ.OYNq9Bax805jDKq2TXsgI_EE_2NrjvwsxVCbkWPhtv0bw9_IYT7T6yf1PjLnUHxyD54r9yigSHM7-ZsmlOWek"
        "-hqBrKwRTRtFDm4TRljOwozfYA5QNF-A_IQjOKNZ8NxqpQfbof9TehHdTYuJbgZyK7hkhT8t8RLNqmJp1iYmUJ_-uD-YaHV_2kACyp7t_8BGXX"
        "w3xrk5-lJdI0uEV1dy6ekmPy6gSjfRUJju4_tmRD94gml04PLs7zMgCUhYifEBXvDNLBVmqUk2D24gX-36U1NE3xyd-ZTPM7Xbi2IoAp0iouw1"
        "JS0A90Z2ViNtMbrWEcDFQCrijQ5cRRwy4jLWA"
    ),
    "RS512": (
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzUxMiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIi"
        "wiZXhwIjo0MDAwMDAwMDAwfQ.oe87UcQX77psxRuWmsQdXv3GeN_cZd_K0yC8QP7CFamTFSbopZ8c4eKQ4g6Nm5CdIvy4D8SBw9aFQ1QgjgfTE"
        "iOzeSSe4Khamx-eyHeQRIecyDsrHC7MUOoKa_CbtGVTKjgS7H4CmxL71Qj89UH8hdbpPmLkcY_wg8kXJlqPeqhzuA6lI4pZhFy6F-4N9fiCQAQ"
        "s-eEXWGxY27rjgFWG6Cmyohol4dkxPhnlG2soC5f2CyDVttW6aJF0leR5QMeuWlDNOPMLOJ-o4vVqgcCtesjnuruciG5Udp0xbwlKr-ZWFmReF"
        "JLaNDuM5roNY6bxZw1a7V5Ew4WFa9hSinuuAg"
    ),
}
OF_ANOTHER_KEY = (  # the same claims and kid
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIi"
    "wiZXhwIjo0MDAwMDAwMDAwfQ.Sh3E8Gm3MlbNkaCPJeEldfAoX580acoiuZwUSXlAdZZl3E1jKSO0kVJlCKjleUdN-_I7Xcvn4qMnCITMV_oZA"
    "EyRRnP6mDrBkemN1bO5k4mvjVJECSwXtxuZTULEZ8Jyz8DXasWd5wBEARKr4t8kDR0t-qhtNSbRJp0Ffolc7mffk9sGSXmuzK7QhY4p3JrSQ7h"
    "KjMa5OR9RCWbrv9qbgQU3JCXmh_BfRz72Z0OEJqQUKGxPrrjsKCKZGtK1WIcY22PijIKJP0zl8x82NdU4N62HYIIn3z60yP-1wxId2UXHC36oj"
    "pnzke_pC61DyZNdyVPY5kBMocTaevy64IBYBQ"
)


def test_the_example_of_the_rfc_holds() -> None:
    assert signed_claims(OF_THE_RFC, KEYS) == {"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": True}


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512"])
def test_a_token_of_the_key_gives_its_claims(alg: str) -> None:
    assert signed_claims(TOKENS[alg], KEYS) == CLAIMS


def test_a_token_that_the_key_did_not_sign_gives_nothing() -> None:
    head, body, signature = TOKENS["RS256"].split(".")
    unsigned, other_head = "eyJhbGciOiJub25lIn0", TOKENS["RS512"].split(".")[0]
    forged = [
        OF_ANOTHER_KEY,
        f"{head}.{body[:-2]}AA.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}.{'A' * len(signature)}",
        f"{head}.{body}.{signature}=",
        f"{other_head}.{body}.{signature}",
        f"{head}.{body}.{OF_THE_RFC.split('.')[2]}",
        f"{unsigned}.{body}.",
        f"{unsigned}.{body}.{signature}",
        "no.token.atall",
        "none",
    ]
    assert [signed_claims(text, KEYS) for text in forged] == [None] * len(forged)


@pytest.mark.parametrize(
    "other",
    [{"kid": "k2"}, {"kty": "EC"}, {"use": "enc"}, {"alg": "RS512"}, {"n": "AQAB"}, {"e": 3}],
    ids=lambda row: str(next(iter(row))),
)
def test_a_key_for_something_else_verifies_nothing(other: dict[str, Any]) -> None:
    assert signed_claims(TOKENS["RS256"], {"keys": [KEY | other]}) is None


def test_where_the_library_is_missing_an_authorizer_verifies_by_the_standard_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "joserfc", None)
    documents = {"/.well-known/openid-configuration": b'{"jwks_uri": "https://issuer.example/keys"}'}
    keys = json.dumps(KEYS).encode()
    verifier = JwtVerifier(lambda asked, done: done(HttpResponse(200, [], documents.get(asked.path, keys))), Clock(virtual=True))
    seen: list[Any] = []
    for text in (TOKENS["RS256"], OF_ANOTHER_KEY):
        verifier.verify(text, {"issuer": CLAIMS["iss"], "audience": []}, [], seen.append)
    assert seen[0] == CLAIMS
    assert isinstance(seen[1], Refusal)
    assert seen[1].description == "signature is invalid"
