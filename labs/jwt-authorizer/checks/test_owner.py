"""Each sees their own parcels, whatever they write into the request."""

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


def test_the_verified_subject_decides(aws, lab, http, session):
    for who, parcel, wanted in (("ann", "p-1", 200), ("bob", "p-2", 200), ("ann", "p-2", 404), ("bob", "p-1", 404)):
        status = _status(aws, lab, http, f"/parcels/{parcel}", _token(aws, lab, session, sub=who))
        expect(status == wanted, f"{who} asks for {parcel} and gets {status} instead of {wanted}.")
    status = _status(aws, lab, http, "/parcels/p-9", _token(aws, lab, session))
    expect(status == 404, f"A parcel that there is not gets {status} instead of 404.")


def test_what_the_caller_writes_is_not_believed(aws, lab, http, session):
    bearer = _token(aws, lab, session)
    for name in ("x-user", "x-sub", "x-forwarded-user"):
        status = _status(aws, lab, http, "/parcels/p-2", bearer, **{name: "bob"})
        expect(status == 404, f"Ann writes {name}: bob into a header, and reads Bob's parcel ({status}).")
    status = _status(aws, lab, http, "/parcels/p-2?user=bob&sub=bob", bearer)
    expect(status == 404, f"Ann writes bob into the query, and reads Bob's parcel ({status}).")
