lab.faults.clear()  # a later step breaks the worker; this one needs it whole
source = """
def handler(event, context):
    if event["amount"] < 0:
        raise ValueError(f"order {event['order']}: negative amount")
    print(f"booked {event['order']}")
"""
deploy(source)


def hand_over(order):
    """Give the worker one order without waiting for what becomes of it."""
    return lambda_.invoke(
        FunctionName=FUNCTION, InvocationType="Event", Payload=json.dumps(order)
    )["StatusCode"]


print(hand_over({"order": "A-1", "amount": 20}))
time.sleep(1)
for event in logs.filter_log_events(logGroupName=LOG_GROUP)["events"]:
    print(event["message"].rstrip())
