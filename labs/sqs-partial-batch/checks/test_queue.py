"""The queue hides a message for six times as long as the function may run."""

from autograder.checks.expect import expect
from autograder.plain import fact_words
from sandbox.facts import default


def test_a_message_stays_hidden_long_enough(aws, lab):
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"]
    hidden = int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]["VisibilityTimeout"])
    timeout = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))["Timeout"]
    expect(
        hidden >= default("queue_visibility_advised") * timeout,
        f"The queue hides a message for {hidden} s and the function may run {timeout} s. AWS advises "
        f"{fact_words('S-08', 'six times')} as long: a batch that is throttled is tried again while it is hidden.",
    )
    expect(hidden <= 3600, f"The queue hides a message for {hidden} s: whatever fails once waits that long for its next try.")
