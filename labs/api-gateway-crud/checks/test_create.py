"""A good part is stored; a wrong one is refused with 400 and a sentence, and nothing is stored."""

import json
from uuid import uuid4

from autograder.checks.expect import expect

JSON = {"content-type": "application/json"}


def test_a_good_part_is_stored(aws, lab, http):
    part = {"id": f"check-{uuid4().hex}", "name": "a checked part", "cents": 5}
    answer = http(f"{_endpoint(aws, lab)}/parts", method="POST", headers=JSON, body=json.dumps(part).encode())
    expect(answer.status == 201, f"POST of a good part answers {answer.status}: {answer.text}")
    found = aws("dynamodb").get_item(TableName=lab.name("table"), Key={"id": {"S": part["id"]}}, ConsistentRead=True)
    aws("dynamodb").delete_item(TableName=lab.name("table"), Key={"id": {"S": part["id"]}})
    expect("Item" in found, "A part was answered with 201 and is not in the table.")


def test_a_wrong_part_is_the_callers_matter(aws, lab, http):
    good = {"id": f"check-{uuid4().hex}", "name": "a checked part", "cents": 5}
    wrong = {
        "a body that is no JSON": b"id=bolt",
        "a body that is a list": b"[]",
        "no name": json.dumps({"id": good["id"], "cents": 5}).encode(),
        "cents that are a text": json.dumps({**good, "cents": "twelve"}).encode(),
        "cents below zero": json.dumps({**good, "cents": -1}).encode(),
        "an empty id": json.dumps({**good, "id": ""}).encode(),
    }
    for what, body in wrong.items():
        answer = http(f"{_endpoint(aws, lab)}/parts", method="POST", headers=JSON, body=body)
        expect(answer.status == 400, f"POST with {what} answers {answer.status}, not 400: {answer.text}")
        expect((answer.json() or {}).get("message"), f"POST with {what} is refused without a message.")
    found = aws("dynamodb").get_item(TableName=lab.name("table"), Key={"id": {"S": good["id"]}}, ConsistentRead=True)
    expect("Item" not in found, "A part that was refused is in the table.")


def _endpoint(aws, lab):
    return next(row["ApiEndpoint"] for row in aws("apigatewayv2").get_apis()["Items"] if row["Name"] == lab.name("api"))
