"""A token reads or deletes according to its scope, and does not both by one."""

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


def test_the_scope_decides_what_a_token_may(aws, lab, http, session):
    for scope, method, wanted in (
        ("parcels.read", "GET", 200),
        ("parcels.read", "DELETE", 403),
        ("parcels.write", "DELETE", 200),
        ("parcels.write", "GET", 403),
        ("profile", "GET", 403),
        ("profile parcels.read", "GET", 200),
    ):
        bearer = _token(aws, lab, session, scope=scope)
        status = _status(aws, lab, http, "/parcels/p-1", bearer, method)
        expect(status == wanted, f"A token with the scope {scope} gets {status} for {method}, and should get {wanted}.")
