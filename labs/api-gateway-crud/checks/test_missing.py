"""What is not there is 404 to read, and no trouble to delete."""

import json
from uuid import uuid4

from autograder.checks.expect import expect

JSON = {"content-type": "application/json"}


def test_reading_and_deleting_what_is_there_and_what_is_not(aws, lab, http):
    endpoint = next(row["ApiEndpoint"] for row in aws("apigatewayv2").get_apis()["Items"] if row["Name"] == lab.name("api"))
    part = {"id": f"check-{uuid4().hex}", "name": "a checked part", "cents": 5}
    http(f"{endpoint}/parts", method="POST", headers=JSON, body=json.dumps(part).encode())
    found = http(f"{endpoint}/parts/{part['id']}")
    expect(found.status == 200, f"GET of a part that is there answers {found.status}: {found.text}")
    expect((found.json() or {}).get("cents") == 5, f"GET of a part of 5 cents says {found.text}.")
    for turn in ("first", "second"):
        gone = http(f"{endpoint}/parts/{part['id']}", method="DELETE")
        expect(gone.status == 204, f"The {turn} DELETE of a part answers {gone.status}: it is gone, as the caller wants it. 204.")
    lost = http(f"{endpoint}/parts/{part['id']}")
    expect(lost.status == 404, f"GET of a part that is not there answers {lost.status}: {lost.text}")
