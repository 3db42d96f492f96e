"""A part that is there is not created again, whoever comes between."""

import json
from uuid import uuid4

from autograder.checks.expect import expect

JSON = {"content-type": "application/json"}


def test_the_second_create_is_told_and_changes_nothing(aws, lab, http):
    endpoint = _endpoint(aws, lab)
    part = {"id": f"check-{uuid4().hex}", "name": "a checked part", "cents": 5}
    first = http(f"{endpoint}/parts", method="POST", headers=JSON, body=json.dumps(part).encode())
    second = http(f"{endpoint}/parts", method="POST", headers=JSON, body=json.dumps({**part, "cents": 99}).encode())
    held = aws("dynamodb").get_item(TableName=lab.name("table"), Key={"id": {"S": part["id"]}}, ConsistentRead=True)["Item"]
    aws("dynamodb").delete_item(TableName=lab.name("table"), Key={"id": {"S": part["id"]}})
    expect(first.status == 201, f"The first POST of a part answers {first.status}: {first.text}")
    expect(second.status == 409, f"The second POST of the same part answers {second.status}, not 409: {second.text}")
    expect(held["cents"]["N"] == "5", f"The second POST overwrote the first: {held['cents']['N']} cents instead of 5.")


def test_nobody_can_come_between_the_question_and_the_write(aws, lab, session):
    """The function's write takes five seconds; meanwhile somebody else creates the same part."""
    part = {"id": f"check-{uuid4().hex}", "name": "a slow part", "cents": 99}
    item = {"id": {"S": part["id"]}, "name": {"S": "a quick part"}, "cents": {"N": "5"}, "version": {"N": "1"}}
    rule = {"service": "dynamodb", "operation": "PutItem", "caller": f"*{lab.name('role')}*", "latency_s": 5}
    with session.broken(**rule) as slow:
        if not slow:
            return
        event = {"version": "2.0", "routeKey": "POST /parts", "headers": JSON, "body": json.dumps(part), "isBase64Encoded": False}
        aws("lambda").invoke(FunctionName=lab.name("function"), InvocationType="Event", Payload=json.dumps(event).encode())
        session.wait(2)
        aws("dynamodb").put_item(TableName=lab.name("table"), Item=item)
        session.wait(30)
    held = aws("dynamodb").get_item(TableName=lab.name("table"), Key={"id": {"S": part["id"]}}, ConsistentRead=True)["Item"]
    aws("dynamodb").delete_item(TableName=lab.name("table"), Key={"id": {"S": part["id"]}})
    expect(held["cents"]["N"] == "5", "Somebody created the part between the function's look and its write, and was overwritten.")


def _endpoint(aws, lab):
    return next(row["ApiEndpoint"] for row in aws("apigatewayv2").get_apis()["Items"] if row["Name"] == lab.name("api"))
