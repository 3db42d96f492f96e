"""Lambda reads the queue in batches, with a role that can do that and nothing else there."""

import json
from uuid import uuid4

from autograder.checks.expect import expect


def test_the_role_may_read_this_queue_and_nothing_else(aws, lab, session):
    iam = aws("iam")
    role = iam.get_role(RoleName=lab.name("role"))["Role"]["Arn"]
    prefix = f"arn:aws:sqs:{session.region}:{role.split(':')[4]}"

    def may(action: str, queue: str) -> bool:
        answer = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=[action], ResourceArns=[f"{prefix}:{queue}"])
        return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"

    own = lab.name("queue")
    for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"):
        expect(may(action, own), f"The role does not allow {action} on the queue: Lambda reads it with this role.")
        expect(not may(action, "another-queue"), f"The role allows {action} on other queues too: name this queue's ARN.")
    for action in ("sqs:PurgeQueue", "sqs:SendMessage"):
        expect(not may(action, own), f"The role allows {action}: reading a queue does not take that.")


def test_ten_messages_are_printed_and_do_not_take_ten_calls(aws, lab, session):
    function = lab.name("function")
    found = aws("lambda").list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    expect(found, "No event source mapping reads a queue for the function yet.")
    sqs, logs, group = aws("sqs"), aws("logs"), f"/aws/lambda/{function}"

    def calls() -> int:
        groups = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        return len(logs.filter_log_events(logGroupName=group, filterPattern='"batch of"')["events"]) if groups else 0

    before = calls()
    tried = uuid4().hex[:6]
    names = [f"check-{tried}-{n}" for n in range(10)]
    entries = [{"Id": str(n), "MessageBody": json.dumps({"parcel": name, "grams": 1})} for n, name in enumerate(names)]
    sqs.send_message_batch(QueueUrl=sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"], Entries=entries)
    session.wait(30)
    items = aws("dynamodb").scan(TableName=lab.name("table"), ConsistentRead=True)["Items"]
    done = {item["parcel"]["S"] for item in items}
    missing = [name for name in names if name not in done]
    expect(not missing, f"Ten parcels were sent; half a minute later {', '.join(missing)} had no label.")
    took = calls() - before
    expect(took < 10, f"Ten messages took {took} calls, and each is paid for: let a batch hold ten, and gather for some seconds.")
