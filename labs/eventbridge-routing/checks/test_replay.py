"""The afternoon was played again, to shipping alone."""

from autograder.checks.expect import expect


def _parcels(aws, lab, order):
    item = aws("dynamodb").get_item(TableName=lab.name("parcels"), Key={"order": {"S": order}}, ConsistentRead=True).get("Item")
    return int(item["parcels"]["N"]) if item else 0


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
    for order in ("E-1", "E-2"):
        sent = _parcels(aws, lab, order)
        expect(sent == 1, f"{order} was placed while the rule was off, and {sent} parcels were sent for it; expected one.")
