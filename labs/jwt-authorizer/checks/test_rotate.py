"""The new key was known before it was used, the old one stayed for its last tokens, and then went."""

import json
from datetime import datetime

from autograder.checks.expect import NotYet, expect
from sandbox import facts


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


TOKEN_LIFE_S = 900


def _history(aws, lab):
    """What the login service published and signed with, one row a publication: (seconds, published, signs with)."""
    pages = aws("lambda").get_paginator("list_versions_by_function").paginate(FunctionName=lab.name("login"))
    rows = [row for page in pages for row in page["Versions"] if row["Version"] != "$LATEST"]
    rows.sort(key=lambda row: int(row["Version"]))
    found = []
    for row in rows:
        variables = row["Environment"]["Variables"]
        at = datetime.strptime(row["LastModified"], "%Y-%m-%dT%H:%M:%S.%f%z").timestamp()
        found.append((at, set(variables["PUBLISHES"].split()), variables["SIGNS_WITH"]))
    return found


def test_the_keys_changed_in_an_order_in_which_nobody_is_refused(aws, lab):
    kept_s = facts.limit("jwt_keys_kept_h") * 3600
    history = _history(aws, lab)
    last = history[-1]
    expect(last[2] == "k2", "The login service still signs with k1.")
    expect(last[1] == {"k2"}, "k1 is still published: whoever finds the old key signs what they like. Withdraw it.")
    before = next(row for row in reversed(history) if row[2] == "k1")
    for row in reversed(history[: history.index(before)]):  # the first of those that published the same
        if row[1:] != before[1:]:
            break
        before = row
    switch = next(row for row in history[history.index(before) :] if row[2] == "k2")
    expect("k2" in before[1], "The service signed with k2 before the API could know it: publish it first.")
    early = switch[0] - before[0]
    expect(early >= kept_s, f"k2 was published {early:.0f} s before it signed; the API keeps the keys it knows for {kept_s} s.")
    expect("k1" in switch[1], "When k2 began to sign, k1 was gone, and with it every token that was still good.")
    late = next(row[0] for row in history[history.index(switch) :] if "k1" not in row[1]) - switch[0]
    expect(late >= TOKEN_LIFE_S, f"k1 went {late:.0f} s after its last token; tokens live {TOKEN_LIFE_S} s.")


def test_tokens_of_the_new_key_come_in_and_of_the_old_one_no_more(aws, lab, http, session):
    status = _status(aws, lab, http, "/parcels/p-1", _token(aws, lab, session))
    expect(status == 200, f"A new token gets {status}.")
    session.wait(facts.limit("jwt_keys_kept_h") * 3600 + 60)
    status = _status(aws, lab, http, "/parcels/p-1", _token(aws, lab, session, kid="k1"))
    expect(status == 401, f"Two hours later a token of the old key still gets {status}.")
