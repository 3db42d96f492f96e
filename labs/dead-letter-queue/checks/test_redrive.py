"""The lost orders are booked, and the queue is empty."""

from autograder.checks.expect import expect


def test_the_lost_orders_are_booked_and_the_queue_is_empty(aws, lab, session):
    session.wait(5)
    events = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{lab.name('function')}", filterPattern="booked")["events"]
    booked = {event["message"].split()[-1] for event in events}
    missing = sorted({"A-2", "B-8", "B-9"} - booked)
    expect(
        not missing,
        f"Not booked yet: {', '.join(missing)}. Hand the message's body to the worker again, when the worker can do it: what is "
        "brought back during an outage fails again.",
    )
    sqs = aws("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = sqs.get_queue_attributes(
        QueueUrl=sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"], AttributeNames=names
    )["Attributes"]
    left = sum(int(attributes[name]) for name in names)
    expect(left == 0, f"The queue still holds {left} messages: what is not deleted comes back and is booked twice.")
