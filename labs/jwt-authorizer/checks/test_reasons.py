"""The access log tells who came in, and why somebody did not."""

import json
import re

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


def _lines(aws, lab, since_ms):
    found = aws("logs").filter_log_events(logGroupName=lab.name("access_log"), startTime=since_ms)
    return [event["message"] for event in found["events"]]


def test_the_log_says_who_and_why(aws, lab, http, session):
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=lab.name("access_log"))["logGroups"]
    expect(groups, f"There is no log group {lab.name('access_log')}.")
    session.wait(1)
    since_ms, now = int(session.now() * 1000), int(session.now())
    who = "check-ann"
    _status(aws, lab, http, "/parcels/p-1", _token(aws, lab, session, sub=who))
    _status(aws, lab, http, "/parcels/p-1", _token(aws, lab, session, iat=now - 20, exp=now - 10))
    lines = _lines(aws, lab, since_ms)
    expect(len(lines) == 2, f"Two calls left {len(lines)} lines in {lab.name('access_log')}.")
    expect(any(who in line for line in lines), f"The log does not say who was let in: {lines[0]}")
    expect(any("expired" in line for line in lines), f"The log does not say why somebody was refused: {lines[-1]}")


def test_a_token_of_ann_was_seen_to_expire(aws, lab):
    lines = _lines(aws, lab, 0)
    expect(any(re.search(r"\b401\b", line) for line in lines), "Nobody has been refused yet: let time pass over a token.")
