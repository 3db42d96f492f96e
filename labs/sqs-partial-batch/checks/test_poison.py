"""The batch with the bad parcel failed three times, and none of the good ones has a label."""

from autograder.checks.expect import expect


def test_the_batch_came_back_and_failed_again(aws, lab):
    group = f"/aws/lambda/{lab.name('function')}"
    events = aws("logs").filter_log_events(logGroupName=group, filterPattern='"P-bad: no weight"')["events"]
    failures = sum("[ERROR]" in event["message"] for event in events)
    expect(
        failures >= 3,
        f"The log shows that P-bad failed {failures} times so far. The batch comes back whenever its visibility timeout ends.",
    )


def test_the_good_ones_wait_with_the_bad_one(aws, lab):
    items = aws("dynamodb").scan(TableName=lab.name("table"), ConsistentRead=True)["Items"]
    done = sorted(item["parcel"]["S"] for item in items if item["parcel"]["S"].startswith("P-"))
    expect(len(done) < 9, "All nine good parcels have their label: send them in the same batch as the bad one.")
