"""One alarm sends, the others are its reasons; either reason is enough, and the pager hears of it once."""

import json

from autograder.checks.expect import expect


def _state(aws, name):
    found = aws("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    alarms = found["MetricAlarms"] + found["CompositeAlarms"]
    expect(alarms, f"There is no alarm {name}.")
    return alarms[0]["StateValue"]


def _call(aws, lab, times=1, **order):
    for _ in range(times):
        payload = json.dumps({"order": "check", **order}).encode()
        aws("lambda").invoke(FunctionName=lab.name("function"), Payload=payload)


def _heard(aws, lab):
    """The alarms the pager was told of since somebody last listened."""
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("inbox"))["QueueUrl"]
    names = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            text = json.loads(message["Body"])
            text = json.loads(text["Message"]) if "Message" in text else text
            names += [text["AlarmName"]] if text.get("NewStateValue") == "ALARM" else []
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return names


def test_only_the_composite_sends(aws, lab):
    page = lab.name("page")
    found = aws("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    composite = [row for row in found["CompositeAlarms"] if row["AlarmName"] == page]
    expect(composite, f"There is no composite alarm {page}.")
    actions = composite[0]["AlarmActions"]
    expect(any(arn.endswith(f":{lab.name('topic')}") for arn in actions), f"{page} tells {actions or 'nobody'}.")
    loud = [row["AlarmName"] for row in found["MetricAlarms"] if row["AlarmActions"] and row["AlarmName"].startswith("checkout-")]
    expect(not loud, f"{', '.join(loud)} send messages too: one failure would wake somebody more than once.")


def test_one_failure_with_two_reasons_is_heard_of_once(aws, lab, session):
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("dead"))["QueueUrl"]
    sqs.purge_queue(QueueUrl=url)
    session.wait(900)
    _heard(aws, lab)
    state = _state(aws, lab.name("page"))
    expect(state == "OK", f"All is well for a quarter of an hour, and {lab.name('page')} says {state}.")
    for _ in range(2):
        _call(aws, lab)
        session.wait(60)
    session.wait(60)
    state = _state(aws, lab.name("page"))
    expect(state == "ALARM", f"Errors go on, and {lab.name('page')} says {state}: either reason is enough.")
    sqs.send_message(QueueUrl=url, MessageBody='{"order": "check", "cents": 100}')
    session.wait(900)
    state = _state(aws, lab.name("page"))
    expect(state == "ALARM", f"A dead letter lies there, and {lab.name('page')} says {state}: either reason is enough.")
    heard = _heard(aws, lab)
    expect(heard, "The alarm rang, and the pager heard nothing.")
    expect(heard == [lab.name("page")], f"For one failure the pager heard {len(heard)} times: {', '.join(heard)}.")
    sqs.purge_queue(QueueUrl=url)
    session.wait(600)
    state = _state(aws, lab.name("page"))
    expect(state == "OK", f"All is well again, and {lab.name('page')} says {state}.")
