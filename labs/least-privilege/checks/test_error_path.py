"""An order that is unknown is told to the queue; the right for it is one action on one queue."""

import json

from autograder.checks.expect import expect


def _may(aws, lab, action, resource, source=""):
    """Whether the role may, as a call of the function's own code unless ``source`` names another."""
    iam, function = aws("iam"), lab.name("function")
    role = iam.get_role(RoleName=lab.name("role"))["Role"]["Arn"]
    own = aws("lambda").get_function_configuration(FunctionName=function)["FunctionArn"]
    entry = {"ContextKeyName": "lambda:SourceFunctionArn", "ContextKeyValues": [source or own], "ContextKeyType": "string"}
    answer = iam.simulate_principal_policy(
        PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource], ContextEntries=[entry]
    )
    return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"


def _run(aws, lab, event, key="function"):
    """What one call came to: the result, or the message of the error."""
    answer = aws("lambda").invoke(FunctionName=lab.name(key), Payload=json.dumps(event))
    found = json.loads(answer["Payload"].read())
    return str(found.get("errorMessage", found)) if isinstance(found, dict) else str(found)


def test_an_unknown_order_is_told(aws, lab):
    said = _run(aws, lab, {"order": "check-unknown"})
    expect("told" in said, f"Asked for an order that is not there, the function says: {said}")
    said = _run(aws, lab, {"order": "A-1"})
    expect("amount 20" in said, f"The path that worked works no more; the function says: {said}")


def test_the_right_is_for_sending_to_this_queue(aws, lab):
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    expect(not _may(aws, lab, "sqs:SendMessage", f"{queue}-archive"), "The role may send to every queue: name this queue's ARN.")
    for action in ("sqs:ReceiveMessage", "sqs:PurgeQueue", "sqs:DeleteQueue"):
        expect(not _may(aws, lab, action, queue), f"The role allows {action}; the function only ever sends.")
