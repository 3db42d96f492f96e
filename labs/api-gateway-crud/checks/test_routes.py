"""The API answers, and it alone may call the function."""

import json

from autograder.checks.expect import expect


def test_the_api_answers(aws, lab, http):
    found = {row["Name"]: row["ApiEndpoint"] for row in aws("apigatewayv2").get_apis()["Items"]}
    expect(lab.name("api") in found, f"There is no API {lab.name('api')}.")
    answer = http(f"{found[lab.name('api')]}/parts")
    expect(answer.status == 200, f"GET /parts answers {answer.status}: {answer.text}. May the API call the function?")


def test_no_other_api_may_call_the_function(aws, lab):
    api_id = next(row["ApiId"] for row in aws("apigatewayv2").get_apis()["Items"] if row["Name"] == lab.name("api"))
    policy = json.loads(aws("lambda").get_policy(FunctionName=lab.name("function"))["Policy"])
    for statement in policy["Statement"]:
        source = statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", "")
        expect(
            f":{api_id}/" in source,
            f"The permission {statement['Sid']} lets {source or 'every API of everybody'} call the function.",
        )
