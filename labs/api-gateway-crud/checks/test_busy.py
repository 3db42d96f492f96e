"""Trouble that passes is 503 with Retry-After; what will not pass stays a 500; the caller's mistakes stay the caller's."""

import json
from uuid import uuid4

from autograder.checks.expect import expect

JSON = {"content-type": "application/json"}


def test_a_bad_minute_of_the_table_is_said_as_one(aws, lab, session, http):
    endpoint = _endpoint(aws, lab)
    part = {"id": f"check-{uuid4().hex}", "name": "a checked part", "cents": 5}

    def post(code):
        rule = {"service": "dynamodb", "caller": f"*{lab.name('role')}*", "error": {"code": code, "status": 400}}
        with session.broken(**rule) as broken:
            return http(f"{endpoint}/parts", method="POST", headers=JSON, body=json.dumps(part).encode()) if broken else None

    for code in ("ProvisionedThroughputExceededException", "ThrottlingException", "InternalServerError"):
        answer = post(code)
        if answer is None:
            break
        expect(answer.status == 503, f"When DynamoDB says {code}, the API says {answer.status}: {answer.text}")
        expect("retry-after" in answer.headers, "503 without Retry-After: say when it is worth another try.")
        expect(code not in answer.text, f"The caller is told what AWS said inside: {answer.text}")
    answer = post("AccessDeniedException")
    if answer is not None:
        expect(
            answer.status == 500,
            f"When the function's own rights are missing, the API says {answer.status}: no caller can mend that, and waiting "
            "will not. Let it be a 500 that is counted.",
        )


def test_what_the_caller_did_is_still_the_callers(aws, lab, http):
    answer = http(f"{_endpoint(aws, lab)}/parts", method="POST", headers=JSON, body=b"no JSON")
    expect(answer.status == 400, f"POST of a body that is no JSON answers {answer.status}.")


def _endpoint(aws, lab):
    return next(row["ApiEndpoint"] for row in aws("apigatewayv2").get_apis()["Items"] if row["Name"] == lab.name("api"))
