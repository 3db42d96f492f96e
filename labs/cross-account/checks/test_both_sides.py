"""An order reaches the partner's queue from the function's role alone; each side opened no more than that."""

import json

from botocore.exceptions import ClientError

from autograder.checks.expect import expect


def _queue(lab, session):
    sqs = session.elsewhere("partner").client("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def _sends(session, url):
    try:
        session.client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    except ClientError:
        return False
    return True


def _may(aws, lab, action, resource):
    role = aws("iam").get_role(RoleName=lab.name("role"))["Role"]["Arn"]
    answer = aws("iam").simulate_principal_policy(PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource])
    return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"


def test_an_order_is_handed_over(aws, lab, session):
    _, queue = _queue(lab, session)
    expect(_may(aws, lab, "sqs:SendMessage", queue), "Your half is missing: your role may not send to the partner's queue.")
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), Payload=json.dumps({"order": "check"}))
    said = json.loads(answer["Payload"].read())
    expect(
        said == "sent",
        f"The function did not hand the order over: {said.get('errorMessage', said) if isinstance(said, dict) else said}",
    )


def test_the_partner_let_in_one_role(lab, session):
    url, _ = _queue(lab, session)
    expect(
        not _sends(session.elsewhere("stranger"), url),
        "A stranger sends orders to the partner's queue: its policy has no one principal.",
    )
    expect(
        not _sends(session, url),
        "You yourself send to the partner's queue: it lets in your whole account and not the function's role alone.",
    )


def test_the_role_may_send_to_that_queue_alone(aws, lab, session):
    _, queue = _queue(lab, session)
    for action, resource in (("sqs:SendMessage", f"{queue}-archive"), ("sqs:ReceiveMessage", queue)):
        expect(not _may(aws, lab, action, resource), f"Your role may {action} on {resource} as well.")
