"""What is answered with yes is kept; while the queue takes nothing, the sender hears so, and its next try is booked once."""

import hashlib
import hmac

from autograder.checks.expect import expect

BODY = b'{"id": "check-storm", "customer": "ada", "cents": 1}'


def _post(aws, lab, http, session, body, *, age_s=0, key=None, header=None, content_type="application/json"):
    """One request, signed with the current key unless told otherwise; its status."""
    key = key or aws("secretsmanager").get_secret_value(SecretId=lab.name("secret"))["SecretString"]
    moment = int(session.now()) - age_s
    digest = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"content-type": content_type, "x-hook-signature": f"t={moment},v1={digest}" if header is None else header}
    url = aws("lambda").get_function_url_config(FunctionName=lab.name("receiver"))["FunctionUrl"]
    return http(url, method="POST", headers=headers, body=body).status


def test_the_event_of_the_bad_minute_is_booked(aws, lab):
    item = aws("dynamodb").get_item(TableName=lab.name("table"), Key={"id": {"S": "evt-6"}}, ConsistentRead=True).get("Item")
    expect(item, "evt-6 is lost: the sender heard yes while the queue did not take it.")


def test_the_sender_hears_the_truth(aws, lab, http, session):
    caller = f"*{lab.name('receiver_role')}*"
    error = {"code": "InternalError", "status": 500}
    with session.broken(service="sqs", operation="SendMessage*", caller=caller, error=error) as broken:
        status = _post(aws, lab, http, session, BODY)
        expect(
            not broken or status >= 500, f"While the queue takes nothing, an event is answered {status}; the sender forgets it."
        )
    status = _post(aws, lab, http, session, BODY)
    expect(200 <= status < 300, f"The queue is well again, and an event is answered {status}; expected 202.")
    status = _post(aws, lab, http, session, BODY, key="a guess")
    expect(status == 401, f"A request signed with another key is answered {status}; expected 401.")
