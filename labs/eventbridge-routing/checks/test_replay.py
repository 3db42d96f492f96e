"""The afternoon was played again, to shipping alone."""

from autograder.checks.expect import expect


def _parcels(aws, lab):
    """How many parcels were sent for each order of an afternoon."""
    rows = aws("dynamodb").scan(TableName=lab.name("parcels"), ConsistentRead=True)["Items"]
    return {row["order"]["S"]: int(row["parcels"]["N"]) for row in rows if row["order"]["S"].startswith("E-")}


def test_the_afternoon_was_played_to_shipping_alone(aws, lab):
    events = aws("events")
    rule = events.describe_rule(Name=lab.name("shipping_rule"), EventBusName=lab.name("bus"))
    expect(rule["State"] == "ENABLED", "Shipping's rule is still off.")
    kept = events.describe_archive(ArchiveName=lab.name("archive")).get("RetentionDays")
    expect(kept, "The archive keeps everything for ever, personal data included: give it a retention in days.")
    rows = [row for row in events.list_replays()["Replays"] if row["State"] == "COMPLETED"]
    expect(rows, "No replay has come to its end.")
    newest = max(rows, key=lambda row: row["ReplayStartTime"])["ReplayName"]
    heard = events.describe_replay(ReplayName=newest)["Destination"].get("FilterArns") or []
    expect(heard == [rule["Arn"]], "The replay was heard by every rule: billing has the afternoon's orders twice.")
    sent = _parcels(aws, lab)
    expect(len(sent) >= 2, "Two orders were placed while the rule was off, and shipping knows nothing of them.")
    for order, count in sent.items():
        expect(count == 1, f"{count} parcels were sent for {order}; expected one.")
