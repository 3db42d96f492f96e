"""After a change of the key the new one and the one before are believed, also by warm environments, and no other."""

import hashlib
import hmac
import secrets

from autograder.checks.expect import expect

BODY = b'{"id": "check-rotate", "customer": "ada", "cents": 1}'


def _post(aws, lab, http, session, body, *, age_s=0, key=None, header=None, content_type="application/json"):
    """One request, signed with the current key unless told otherwise; its status."""
    key = key or aws("secretsmanager").get_secret_value(SecretId=lab.name("secret"))["SecretString"]
    moment = int(session.now()) - age_s
    digest = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"content-type": content_type, "x-hook-signature": f"t={moment},v1={digest}" if header is None else header}
    url = aws("lambda").get_function_url_config(FunctionName=lab.name("receiver"))["FunctionUrl"]
    return http(url, method="POST", headers=headers, body=body).status


def test_a_change_of_the_key_loses_no_event_and_retires_old_keys(aws, lab, http, session):
    vault, secret = aws("secretsmanager"), lab.name("secret")
    first = vault.get_secret_value(SecretId=secret)["SecretString"]
    status = _post(aws, lab, http, session, BODY)
    expect(
        200 <= status < 300,
        f"A request signed with the current key is answered {status}; a warm environment must read the secret again before it "
        "says no.",
    )
    keys = [first]
    for change in ("first", "second"):
        keys.append(secrets.token_hex(32))
        vault.put_secret_value(SecretId=secret, SecretString=keys[-1])
        status = _post(aws, lab, http, session, BODY, key=keys[-1])
        expect(
            200 <= status < 300,
            f"After the {change} change a request signed with the new key is answered {status}: a warm environment must read the "
            "secret again before it says no.",
        )
        status = _post(aws, lab, http, session, BODY, key=keys[-2])
        expect(
            200 <= status < 300,
            f"After the {change} change an event signed with the key before, still on its way, is answered {status}.",
        )
    status = _post(aws, lab, http, session, BODY, key=first)
    expect(status == 401, f"The key before the one before is answered {status}; expected 401: two changes must retire a key.")
    status = _post(aws, lab, http, session, BODY, key="a guess")
    expect(status == 401, f"A request signed with another key is answered {status}; expected 401.")
