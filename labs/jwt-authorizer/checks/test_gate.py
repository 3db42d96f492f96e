"""A device does what the table says, also right after it did something else, and a gate that fails opens nothing."""

import hashlib
from uuid import uuid4

from autograder.checks.expect import NotYet, expect


def _api(aws, lab, name="api"):
    """The id of an API and its address."""
    for row in aws("apigatewayv2").get_apis()["Items"]:
        if row["Name"] == lab.name(name):
            return row["ApiId"], row["ApiEndpoint"]
    raise NotYet(f"There is no API {lab.name(name)}.")


def _register(aws, lab, *routes):
    """A device of the check's own: its key."""
    key = uuid4().hex
    item = {"id": {"S": hashlib.sha256(key.encode()).hexdigest()}, "name": {"S": "of-the-check"}, "routes": {"SS": list(routes)}}
    aws("dynamodb").put_item(TableName=lab.name("table"), Item=item)
    return key


def _post(aws, lab, http, what, key=""):
    return http(f"{_api(aws, lab)[1]}/parcels/p-1/{what}", method="POST", headers={"x-device-key": key} if key else {})


def test_a_device_does_what_it_may_and_nothing_else(aws, lab, http):
    reader = _register(aws, lab, "POST /parcels/{id}/scan")
    counter = _register(aws, lab, "POST /parcels/{id}/scan", "POST /parcels/{id}/return")
    for who, key, what, wanted in (
        ("A device that may scan", reader, "scan", 200),
        ("A device that may scan, and just did,", reader, "return", 403),
        ("A device that may both", counter, "return", 200),
        ("A device that may both", counter, "scan", 200),
        ("A key that is not in the table", uuid4().hex, "scan", 403),
        ("A call without a key", "", "scan", 401),
    ):
        status = _post(aws, lab, http, what, key).status
        expect(status == wanted, f"{who} asks for {what} and gets {status} instead of {wanted}.")


def test_the_function_learns_which_device_it_was(aws, lab, http):
    answer = _post(aws, lab, http, "scan", _register(aws, lab, "POST /parcels/{id}/scan"))
    expect("of-the-check" in answer.text, f"The gate gives no device in its context; the depot says: {answer.text}")


def test_a_gate_that_does_not_know_says_no(aws, lab, http, session):
    error = {"code": "InternalServerError", "status": 500}
    with session.broken(service="dynamodb", operation="GetItem", resource=f"*{lab.name('table')}", error=error) as broken:
        status = _post(aws, lab, http, "scan", uuid4().hex).status
    expect(not broken or status in (403, 500), f"The table is broken, and a stranger gets {status}: the gate lets everybody in.")
