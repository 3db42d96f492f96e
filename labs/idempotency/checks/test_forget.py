"""The memory has an end: late enough for every copy, and in seconds, as DynamoDB counts."""

import json

from autograder.checks.expect import expect

DAY_S = 86_400


def test_the_memory_outlives_every_copy_and_ends(aws, lab, session):
    dynamodb, memory = aws("dynamodb"), lab.name("memory")
    session.wait(5)
    lived = dynamodb.describe_time_to_live(TableName=memory)["TimeToLiveDescription"]
    expect(
        lived.get("TimeToLiveStatus") in ("ENABLED", "ENABLING"),
        "The table does not know which attribute says when to forget: update its time to live.",
    )
    name = lived["AttributeName"]
    dynamodb.delete_item(TableName=memory, Key={"id": {"S": "check-forget#charge"}})
    event = {"order": "check-forget", "kind": "charge", "customer": "check-forget", "cents": 500, "sent_at": "13:00"}
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), Payload=json.dumps(event).encode())
    text = answer["Payload"].read().decode()
    expect(not answer.get("FunctionError"), f"The worker failed: {text}")
    note = dynamodb.get_item(TableName=memory, Key={"id": {"S": "check-forget#charge"}}, ConsistentRead=True).get("Item", {})
    expect("N" in note.get(name, {}), f"A new note's {name!r} is {note.get(name)}; DynamoDB reads a number there.")
    keeps_s = float(note[name]["N"]) - session.now()
    expect(
        keeps_s < 400 * DAY_S, f"A note is kept for {keeps_s / DAY_S:,.0f} days: time to live counts seconds, not milliseconds."
    )
    expect(
        keeps_s > DAY_S - 7200,
        f"A note is kept for {keeps_s / 3600:.1f} hours; Lambda alone retries for up to six, and a queue waits for days.",
    )
