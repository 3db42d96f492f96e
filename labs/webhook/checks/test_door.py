"""An event that is posted lies in the queue, byte for byte, and the receiver can do nothing else with it."""

from autograder.checks.expect import expect

BODY = '{"id":"check-door",  "customer":"Zoë",\n "cents": 1}'


def test_an_event_is_kept_as_it_came(aws, lab, http):
    url = aws("lambda").get_function_url_config(FunctionName=lab.name("receiver"))["FunctionUrl"]
    answer = http(url, method="POST", headers={"content-type": "application/json"}, body=BODY.encode())
    expect(200 <= answer.status < 300, f"A posted event is answered {answer.status} {answer.text[:200]}; expected 202.")
    sqs = aws("sqs")
    queue = sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"]
    kept = []
    for _ in range(5):
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", [])
        kept += [message["Body"] for message in found]
    expect(kept, "The event was answered with yes, and the queue holds nothing.")
    expect(BODY in kept, f"The event was changed on its way: the queue holds {kept[-1]!r}, posted was {BODY!r}.")


def test_the_role_may_send_to_this_queue_and_nothing_else(aws, lab, session):
    iam = aws("iam")
    role = iam.get_role(RoleName=lab.name("receiver_role"))["Role"]["Arn"]
    prefix = f"arn:aws:sqs:{session.region}:{role.split(':')[4]}"

    def may(action: str, queue: str) -> bool:
        answer = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=[action], ResourceArns=[f"{prefix}:{queue}"])
        return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"

    own = lab.name("queue")
    expect(not may("sqs:SendMessage", "another-queue"), "The role may send to other queues too: name this queue's ARN.")
    for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:PurgeQueue"):
        expect(not may(action, own), f"The role allows {action}: whoever takes over this function should not read the events.")
