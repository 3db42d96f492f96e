"""The alarm rings while something lies in the dead-letter queue: not shorter, and not longer."""

from autograder.checks.expect import expect


def _state(aws, name):
    found = aws("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    alarms = found["MetricAlarms"] + found["CompositeAlarms"]
    expect(alarms, f"There is no alarm {name}.")
    return alarms[0]["StateValue"]


def test_it_rings_as_long_as_something_lies_there(aws, lab, session):
    name, sqs = lab.name("letters"), aws("sqs")
    _state(aws, name)
    url = sqs.get_queue_url(QueueName=lab.name("dead"))["QueueUrl"]
    sqs.purge_queue(QueueUrl=url)
    session.wait(600)
    state = _state(aws, name)
    expect(state == "OK", f"The queue has been empty for ten minutes, and the alarm says {state}.")
    sqs.send_message(QueueUrl=url, MessageBody='{"order": "check", "cents": 100}')
    session.wait(180)
    state = _state(aws, name)
    expect(state == "ALARM", f"A letter has been lying there for three minutes, and the alarm says {state}.")
    session.wait(1800)
    state = _state(aws, name)
    expect(state == "ALARM", f"The letter still lies there half an hour later, and the alarm says {state}: watch what is there.")
    sqs.purge_queue(QueueUrl=url)
    session.wait(600)
    state = _state(aws, name)
    expect(state == "OK", f"The queue has been empty for ten minutes, and the alarm says {state}.")
