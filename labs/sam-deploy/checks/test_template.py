"""The stack is there, and its API answers."""

from autograder.checks.expect import expect


def test_the_stack_is_made_and_its_api_answers(aws, lab, http):
    stack = aws("cloudformation").describe_stacks(StackName=lab.name("stack"))["Stacks"][0]
    expect(stack["StackStatus"].endswith("_COMPLETE"), f"The stack is {stack['StackStatus']}.")
    url = {row["OutputKey"]: row["OutputValue"] for row in stack.get("Outputs", [])}.get("Url", "")
    expect(url, f"The stack is {stack['StackStatus']} and has no output Url: see what its events say.")
    answer = http(f"{url}/prices/tea")
    expect(answer.status == 200, f"GET /prices/tea answers {answer.status}: {answer.text}")
    expect((answer.json() or {}).get("cents") == 300, f"GET /prices/tea says {answer.text}; tea costs 300 cents.")
    expect(http(f"{url}/prices/milk").status == 404, "An item that is not sold is no error of the server: answer 404.")


def test_the_template_is_a_sam_template(aws, lab):
    resources = aws("cloudformation").describe_stack_resources(StackName=lab.name("stack"))["StackResources"]
    kinds = {row["ResourceType"] for row in resources}
    expect("AWS::ApiGatewayV2::Api" in kinds, f"The stack holds {', '.join(sorted(kinds))}, and no HTTP API.")
