"""Two copies of one event are one payment, and the second copy is no failure."""

import hashlib
import hmac

from autograder.checks.expect import expect

BODY = b'{"id": "check-worker", "customer": "ada", "cents": 1}'


def _post(aws, lab, http, session, body, *, age_s=0, key=None, header=None, content_type="application/json"):
    """One request, signed with the current key unless told otherwise; its status."""
    key = key or aws("secretsmanager").get_secret_value(SecretId=lab.name("secret"))["SecretString"]
    moment = int(session.now()) - age_s
    digest = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"content-type": content_type, "x-hook-signature": f"t={moment},v1={digest}" if header is None else header}
    url = aws("lambda").get_function_url_config(FunctionName=lab.name("receiver"))["FunctionUrl"]
    return http(url, method="POST", headers=headers, body=body).status


def test_copies_are_booked_once_and_leave_nothing_behind(aws, lab, http, session):
    table, key = lab.name("table"), {"id": {"S": "check-worker"}}
    aws("dynamodb").delete_item(TableName=table, Key=key)
    logs, group = aws("logs"), f"/aws/lambda/{lab.name('worker')}"

    def booked() -> int:
        groups = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        found = logs.filter_log_events(logGroupName=group, filterPattern='"booked check-worker"')["events"] if groups else []
        return len(found)

    before = booked()
    for copy in ("first", "second"):
        status = _post(aws, lab, http, session, BODY)
        expect(200 <= status < 300, f"The {copy} copy of an event is answered {status}; expected 202.")
    session.wait(30)
    expect(
        aws("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True).get("Item"), "The payment is not in the table."
    )
    times = booked() - before
    expect(times == 1, f"One payment that was sent twice was booked {times} times.")
    session.wait(100)
    sqs = aws("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    url = sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    left = sum(int(attributes[name]) for name in names)
    expect(left == 0, f"{left} messages come back again and again: a copy is no failure, so do not report it as one.")
