"""An answer of the gate is kept, and not for long."""

import hashlib
from uuid import uuid4

from autograder.checks.expect import NotYet, expect


def _api(aws, lab, name="api"):
    """The id of an API and its address."""
    for row in aws("apigatewayv2").get_apis()["Items"]:
        if row["Name"] == lab.name(name):
            return row["ApiId"], row["ApiEndpoint"]
    raise NotYet(f"There is no API {lab.name(name)}.")


KEPT_S_MAX = 120


def _scan(aws, lab, http, key):
    return http(f"{_api(aws, lab)[1]}/parcels/p-1/scan", method="POST", headers={"x-device-key": key}).status


def test_a_device_that_was_removed_is_soon_refused(aws, lab, http, session):
    key = uuid4().hex
    row = {"id": {"S": hashlib.sha256(key.encode()).hexdigest()}}
    item = {**row, "name": {"S": "of-the-check"}, "routes": {"SS": ["POST /parcels/{id}/scan"]}}
    aws("dynamodb").put_item(TableName=lab.name("table"), Item=item)
    seen = {"operation": "Invoke", "arn": f":function:{lab.name('gate')}", "limit": 10_000}
    before = len(session.control.calls(**seen))
    codes = [_scan(aws, lab, http, key) for _ in range(4)]
    expect(codes == [200] * 4, f"A device that may scan gets {codes}.")
    asked = len(session.control.calls(**seen)) - before
    expect(asked == 1, f"For four scans in one second the gate was asked, and paid, {asked} times: keep its answer for a while.")
    aws("dynamodb").delete_item(TableName=lab.name("table"), Key=row)
    session.wait(KEPT_S_MAX + 1)
    status = _scan(aws, lab, http, key)
    expect(status == 403, f"Two minutes after it was removed a device still gets {status}.")
