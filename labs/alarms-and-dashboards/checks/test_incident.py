"""The alarm rang and fell silent, nothing lies there any more, and what was given up has been done."""

from autograder.checks.expect import expect


def test_the_incident_is_over_and_its_damage_repaired(aws, lab):
    cloudwatch, page = aws("cloudwatch"), lab.name("page")
    error = ""
    for order in ("I-0", "I-1", "I-2"):
        group = f"/aws/lambda/{lab.name('function')}"
        lines = aws("logs").filter_log_events(logGroupName=group, filterPattern=f'"booked {order}"')["events"]
        error = error or ("" if lines else order)
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("dead"))["QueueUrl"]
    count = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    left = int(count["ApproximateNumberOfMessages"])
    expect(left == 0, f"{left} letters lie in the queue: the cause may be gone, its damage is not.")
    expect(not error, f"The order {error} was given up and has never been booked: bring it back, do not throw it away.")
    found = cloudwatch.describe_alarms(AlarmNames=[page], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    expect(found, f"There is no alarm {page}.")
    state = found[0]["StateValue"]
    expect(state == "OK", f"{page} says {state}: has enough time passed since the repair?")
    rows = cloudwatch.describe_alarm_history(AlarmName=page, AlarmTypes=["CompositeAlarm"], HistoryItemType="StateUpdate")
    told = [row["HistorySummary"] for row in rows["AlarmHistoryItems"]]
    expect(any("to ALARM" in text for text in told), f"{page} has never rung.")
