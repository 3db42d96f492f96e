"""A signed request is good for some minutes: not less, and not for ever."""

import hashlib
import hmac

from autograder.checks.expect import expect

BODY = b'{"id": "check-replay", "customer": "ada", "cents": 1}'


def _post(aws, lab, http, session, body, *, age_s=0, key=None, header=None, content_type="application/json"):
    """One request, signed with the current key unless told otherwise; its status."""
    key = key or aws("secretsmanager").get_secret_value(SecretId=lab.name("secret"))["SecretString"]
    moment = int(session.now()) - age_s
    digest = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"content-type": content_type, "x-hook-signature": f"t={moment},v1={digest}" if header is None else header}
    url = aws("lambda").get_function_url_config(FunctionName=lab.name("receiver"))["FunctionUrl"]
    return http(url, method="POST", headers=headers, body=body).status


def test_a_request_is_good_for_minutes(aws, lab, http, session):
    fast = "from a sender whose clock is half a minute fast"
    for age_s, what in ((0, "sent now"), (120, "two minutes on its way"), (-30, fast)):
        status = _post(aws, lab, http, session, BODY, age_s=age_s)
        expect(200 <= status < 300, f"A signed request, {what}, is answered {status}; expected 202.")


def test_an_old_request_is_refused_and_so_is_one_from_the_future(aws, lab, http, session):
    for age_s, what in ((1200, "twenty minutes old"), (86_400, "a day old"), (-3600, "an hour ahead of its time")):
        status = _post(aws, lab, http, session, BODY, age_s=age_s)
        expect(status == 401, f"A signed request, {what}, is answered {status}; expected 401: anybody may have recorded it.")


def test_a_time_that_was_exchanged_does_not_help(aws, lab, http, session):
    key = aws("secretsmanager").get_secret_value(SecretId=lab.name("secret"))["SecretString"]
    then = int(session.now()) - 1200
    digest = hmac.new(key.encode(), f"{then}.".encode() + BODY, hashlib.sha256).hexdigest()
    header = f"t={int(session.now())},v1={digest}"
    status = _post(aws, lab, http, session, BODY, header=header)
    expect(status == 401, f"An old signature under a new time is answered {status}; expected 401.")
    status = _post(aws, lab, http, session, BODY, header=f"t=soon,v1={digest}")
    expect(status == 401, f"A signature whose time is no number is answered {status}; expected 401.")
