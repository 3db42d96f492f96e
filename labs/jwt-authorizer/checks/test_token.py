"""Both routes take sound tokens of one issuer for this application, and nothing else."""

import json

from autograder.checks.expect import NotYet, expect


def _api(aws, lab, name="api"):
    """The id of an API and its address."""
    for row in aws("apigatewayv2").get_apis()["Items"]:
        if row["Name"] == lab.name(name):
            return row["ApiId"], row["ApiEndpoint"]
    raise NotYet(f"There is no API {lab.name(name)}.")


def _token(aws, lab, session, kid="", **claims):
    """What the login service signs: Ann's token for the parcel app, but for ``claims``."""
    now = int(session.now())
    usual = {"iss": _api(aws, lab, "login_api")[1], "aud": "parcels", "sub": "ann", "iat": now, "exp": now + 900}
    event = {"claims": {**usual, "scope": "parcels.read", **claims}, "kid": kid}
    return json.loads(aws("lambda").invoke(FunctionName=lab.name("login"), Payload=json.dumps(event))["Payload"].read())


def _status(aws, lab, http, path, bearer, method="GET", **headers):
    known = {"authorization": f"Bearer {bearer}"} if bearer else {}
    return http(_api(aws, lab)[1] + path, method=method, headers={**known, **headers}).status


def test_a_sound_token_comes_in(aws, lab, http, session):
    for method in ("GET", "DELETE"):
        bearer = _token(aws, lab, session, scope="parcels.read parcels.write")
        status = _status(aws, lab, http, "/parcels/p-1", bearer, method)
        expect(status == 200, f"Ann's own token gets {status} for {method} instead of 200.")


def test_what_is_wrong_in_one_thing_stays_out(aws, lab, http, session):
    now = int(session.now())
    header, _, signature = _token(aws, lab, session).split(".")
    changed = ".".join([header, _token(aws, lab, session, sub="boss").split(".")[1], signature])
    tries = {
        "Without a token a call": "",
        "A token with changed claims": changed,
        "A token of a key that the issuer has not published": _token(aws, lab, session, kid="k2"),
        "A token of another issuer": _token(aws, lab, session, iss="https://login.example.com"),
        "A token for another application": _token(aws, lab, session, aud="payroll"),
        "A token that has expired": _token(aws, lab, session, iat=now - 20, exp=now - 10),
    }
    for what, bearer in tries.items():
        for method in ("GET", "DELETE"):
            status = _status(aws, lab, http, "/parcels/p-1", bearer, method)
            expect(status == 401, f"{what} gets {status} for {method}, and should get 401.")
