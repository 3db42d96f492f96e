"""Of two editors who have seen the same version, the second is told."""

import json
from uuid import uuid4

from autograder.checks.expect import expect

JSON = {"content-type": "application/json"}


def test_the_second_editor_is_told(aws, lab, http):
    endpoint = next(row["ApiEndpoint"] for row in aws("apigatewayv2").get_apis()["Items"] if row["Name"] == lab.name("api"))
    part = {"id": f"check-{uuid4().hex}", "name": "a checked part", "cents": 5}

    def put(document):
        return http(f"{endpoint}/parts/{part['id']}", method="PUT", headers=JSON, body=json.dumps(document).encode())

    lost = put({**part, "version": 1})
    expect(lost.status == 404, f"PUT of a part that is not there answers {lost.status}: {lost.text}")
    http(f"{endpoint}/parts", method="POST", headers=JSON, body=json.dumps(part).encode())
    first = put({**part, "cents": 15, "version": 1})
    second = put({**part, "name": "another name", "version": 1})
    third = put({**part, "cents": 16, "version": 2})
    held = aws("dynamodb").get_item(TableName=lab.name("table"), Key={"id": {"S": part["id"]}}, ConsistentRead=True)["Item"]
    aws("dynamodb").delete_item(TableName=lab.name("table"), Key={"id": {"S": part["id"]}})
    expect(first.status == 200, f"PUT of version 1 answers {first.status}: {first.text}")
    expect(second.status == 409, f"A second PUT of version 1 answers {second.status}, not 409: {second.text}")
    expect(third.status == 200, f"PUT of version 2, which is the stored one, answers {third.status}: {third.text}")
    expect(
        (held["cents"]["N"], held["version"]["N"]) == ("16", "3"),
        f"After two updates that were taken the table holds {held['cents']['N']} cents in version {held['version']['N']}; "
        "expected 16 in version 3.",
    )
